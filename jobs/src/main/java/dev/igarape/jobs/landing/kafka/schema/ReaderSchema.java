package dev.igarape.jobs.landing.kafka.schema;

import dev.igarape.jobs.avro.HiveAvro;
import dev.igarape.jobs.landing.kafka.datum.EnvelopeSchema;
import dev.igarape.jobs.landing.kafka.output.ValueFormat;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.wire.registry.SchemaNotFoundException;
import dev.igarape.wire.registry.SchemaRegistryClient;
import dev.igarape.wire.registry.SchemaRegistryException;
import dev.igarape.wire.registry.UnusableSchemaException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.avro.Schema;
import org.apache.hadoop.hive.serde2.SerDeException;
import org.apache.hadoop.hive.serde2.typeinfo.TypeInfoUtils;

/**
 * The schema with which engines read a raw table: the envelope around the topics' latest registered schemas, merged with
 * every writer schema landed ({@link MergedSchema}).
 *
 * @param avro as JSON, for {@code avro.schema.literal}
 * @param columns type in the metastore by column name
 */
public record ReaderSchema(String avro, Map<String, String> columns) {
    /** The type, and no field of that name. */
    private static final Pattern VOID = Pattern.compile("\\bvoid\\b(?!:)");

    /**
     * Reads all that was landed and, where one schema can, what the topics' latest registered schemas write. Where none
     * can, these wait until there are such values.
     *
     * @param landed registry ids of the writer schemas that this landing met
     * @param before the schema until now, as JSON
     * @return empty while no schema is known: then there are only undecodable records, which quarantine holds
     * @throws LakeException UNAVAILABLE if the registry is down, DEFINITION if no schema can read all that was landed
     */
    public static Optional<ReaderSchema> of(
            Map<String, String> registry, List<String> topics, Set<Integer> landed, Optional<String> before) {
        List<Schema> writers = new ArrayList<>();
        List<Schema> latest;
        try (SchemaRegistryClient client = new SchemaRegistryClient(registry)) {
            latest = latest(client, topics);
            landed.stream()
                    .sorted(Comparator.reverseOrder())
                    .map(client::schemaById)
                    .forEach(writers::add);
        } catch (SchemaRegistryException e) {
            throw RegistryWriterSchemas.failure(e);
        }
        before.map(json -> new Schema.Parser().parse(json).getField("value").schema())
                .ifPresent(writers::add);
        List<Schema> all = new ArrayList<>(latest);
        all.addAll(writers);
        try {
            return envelope(all).map(ReaderSchema::of);
        } catch (LakeException e) {
            if (latest.isEmpty()) {
                throw e;
            }
            return envelope(writers).map(ReaderSchema::of);
        }
    }

    private static List<Schema> latest(SchemaRegistryClient client, List<String> topics) {
        List<Schema> latest = new ArrayList<>();
        for (String topic : topics) {
            try {
                latest.add(client.latest(topic + "-value").schema());
            } catch (SchemaNotFoundException | UnusableSchemaException e) {
                // Producers may name their subjects otherwise, and nobody may use this schema: the landed ids tell.
                continue;
            }
        }
        return latest;
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
    public static ReaderSchema plain(ValueFormat format) {
        return of(EnvelopeSchema.around(format.plainSchema()));
    }

    /** @throws LakeException (DEFINITION) if Hive or Trino has no types for it */
    public static ReaderSchema of(Schema envelope) {
        Map<String, String> columns;
        try {
            columns = HiveAvro.columns(envelope);
            columns.values().forEach(ReaderSchema::requireReadable);
        } catch (SerDeException | IllegalArgumentException e) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "Hive can't read the schema of the values: " + e.getMessage()
                            + ". It has no recursive types, no type for what is always null, and decimals of 38 digits at"
                            + " most.",
                    e);
        }
        return new ReaderSchema(envelope.toString(), columns);
    }

    /** The metastore keeps the type's text, which all readers parse. */
    private static void requireReadable(String type) {
        if (!TypeInfoUtils.getTypeInfoFromTypeString(type).getTypeName().equals(type)) {
            throw new IllegalArgumentException("its type reads as another: " + type);
        }
        if (VOID.matcher(type).find()) {
            throw new IllegalArgumentException("it has values that are always null: " + type);
        }
    }
}
