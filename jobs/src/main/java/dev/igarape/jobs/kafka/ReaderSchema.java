package dev.igarape.jobs.kafka;

import dev.igarape.jobs.landing.ValueFormat;
import dev.igarape.jobs.landing.datum.EnvelopeSchema;
import dev.igarape.jobs.publish.HiveAvro;
import dev.igarape.model.ExitCode;
import dev.igarape.model.LakeException;
import dev.igarape.wire.RegistryUnavailableException;
import dev.igarape.wire.SchemaNotFoundException;
import dev.igarape.wire.SchemaRegistryClient;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.Schema;
import org.apache.hadoop.hive.serde2.SerDeException;

/**
 * The schema with which engines read a raw table: the envelope around the topics' latest registered schemas, merged with
 * every writer schema landed ({@link MergedSchema}).
 *
 * @param avro as JSON, for {@code avro.schema.literal}
 * @param columns type in the metastore by column name
 */
public record ReaderSchema(String avro, Map<String, String> columns) {
    /**
     * Reads all that was landed and what the topics' latest registered schemas write.
     *
     * @param landed registry ids of the writer schemas that this landing met
     * @param before the schema until now, as JSON
     * @return empty while no schema is known: then there are only undecodable records, which quarantine holds
     * @throws LakeException UNAVAILABLE if the registry is down, DEFINITION if no schema can read them all
     */
    static Optional<ReaderSchema> of(
            Map<String, String> registry, List<String> topics, Set<Integer> landed, Optional<String> before) {
        List<Schema> writers = new ArrayList<>();
        try (SchemaRegistryClient client = new SchemaRegistryClient(registry)) {
            for (String topic : topics) {
                try {
                    writers.add(client.latest(topic + "-value").schema());
                } catch (SchemaNotFoundException e) {
                    // Producers may name their subjects otherwise: then the landed ids tell.
                    continue;
                }
            }
            landed.stream()
                    .sorted(Comparator.reverseOrder())
                    .map(client::schemaById)
                    .forEach(writers::add);
        } catch (RegistryUnavailableException e) {
            throw new LakeException(ExitCode.UNAVAILABLE, e.getMessage(), e);
        }
        before.map(json -> new Schema.Parser().parse(json).getField("value").schema())
                .ifPresent(writers::add);
        return envelope(writers).map(ReaderSchema::of);
    }

    /**
     * The envelope with which values of all these writers can be read.
     *
     * @param writers schemas of values, the newest first
     * @throws LakeException (DEFINITION) if no schema can read them all
     */
    public static Optional<Schema> envelope(List<Schema> writers) {
        return writers.isEmpty() ? Optional.empty() : Optional.of(EnvelopeSchema.around(MergedSchema.of(writers)));
    }

    /** Of values that have no schema of their own. */
    static ReaderSchema plain(ValueFormat format) {
        return of(EnvelopeSchema.around(format.plainSchema()));
    }

    /** @throws LakeException (DEFINITION) if Hive has no types for it */
    public static ReaderSchema of(Schema envelope) {
        Map<String, String> columns;
        try {
            columns = HiveAvro.columns(envelope);
        } catch (SerDeException e) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "Hive can't read the topic's latest schema: " + e.getMessage()
                            + ". Register one that it can (no recursive types, no unions of several types).",
                    e);
        }
        return new ReaderSchema(envelope.toString(), columns);
    }
}
