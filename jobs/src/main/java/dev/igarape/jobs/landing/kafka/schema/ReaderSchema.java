package dev.igarape.jobs.landing.kafka.schema;

import dev.igarape.jobs.avro.HiveAvro;
import dev.igarape.jobs.landing.kafka.datum.EnvelopeSchema;
import dev.igarape.jobs.landing.kafka.output.ValueFormat;
import dev.igarape.model.Source;
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
 * The schema with which engines read a raw table: the envelope around the merged schema ({@link MergedSchema}) of all
 * landed writer schemas and the topics' latest registered schemas.
 *
 * @param avro as JSON, for {@code avro.schema.literal}
 * @param columns Hive types by column name
 */
public record ReaderSchema(String avro, Map<String, String> columns) {
    /** Hive's type void, but not a field of that name. */
    private static final Pattern VOID = Pattern.compile("\\bvoid\\b(?!:)");

    /**
     * Merges all landed schemas with the topics' latest registered schemas. The latter are left out if they can't be
     * merged, until values with them arrive. Where that adds nothing to the table's schema so far, it stays as it is: with each
     * other text the table is altered, and dates that are built from it are computed whole.
     *
     * @param landed registry ids of the writer schemas of this landing
     * @param before the table's schema so far, as JSON
     * @return empty if no schema is known, because only undecodable records have arrived
     * @throws LakeException UNAVAILABLE if the registry is down, DEFINITION if no schema can read everything that was
     *     landed
     */
    public static Optional<ReaderSchema> of(
            Map<String, String> registry, List<String> topics, Set<Integer> landed, Optional<String> before) {
        List<Schema> writers = new ArrayList<>();
        List<Schema> latest;
        try {
            SchemaRegistryClient client = RegistryWriterSchemas.client(registry);
            latest = latest(client, topics);
            landed.stream()
                    .sorted(Comparator.reverseOrder())
                    .map(client::schemaById)
                    .forEach(writers::add);
        } catch (SchemaRegistryException e) {
            throw RegistryWriterSchemas.failure(e);
        }
        Optional<Schema> known = before.map(
                json -> new Schema.Parser().parse(json).getField("value").schema());
        known.ifPresent(writers::add);
        List<Schema> all = new ArrayList<>(latest);
        all.addAll(writers);
        try {
            return merged(all, known);
        } catch (LakeException e) {
            if (latest.isEmpty()) {
                throw e;
            }
            return merged(writers, known);
        }
    }

    private static Optional<ReaderSchema> merged(List<Schema> writers, Optional<Schema> before) {
        if (writers.isEmpty()) {
            return Optional.empty();
        }
        Schema merged = MergedSchema.of(writers);
        Schema value = before.filter(known -> SchemaContent.isSame(known, merged))
                .filter(known -> writers.stream()
                        .allMatch(writer -> ReaderCoverage.unread(writer, known).isEmpty()))
                .orElse(merged);
        return Optional.of(of(EnvelopeSchema.around(value)));
    }

    private static List<Schema> latest(SchemaRegistryClient client, List<String> topics) {
        List<Schema> latest = new ArrayList<>();
        for (String topic : topics) {
            try {
                latest.add(client.latest(topic + "-value").schema());
            } catch (SchemaNotFoundException | UnusableSchemaException e) {
                // Producers may use other subject names, and the schema may be unused: the landed ids decide.
                continue;
            }
        }
        return latest;
    }

    /**
     * The envelope that reads values of all these writer schemas.
     *
     * @param writers schemas of values, newest first
     * @throws LakeException (DEFINITION) if no schema reads all of them
     */
    public static Optional<Schema> envelope(List<Schema> writers) {
        return writers.isEmpty() ? Optional.empty() : Optional.of(EnvelopeSchema.around(MergedSchema.of(writers)));
    }

    /** The schema of values that carry no schema id. */
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

    /**
     * This schema without the topic, where the table is partitioned by that: engines refuse a table that has a partition
     * column in its files, too.
     */
    public ReaderSchema fitting(Source.Kafka source) {
        return source.partitionBy().equals(Optional.of(Source.Kafka.TOPIC))
                ? of(EnvelopeSchema.withoutTopic(new Schema.Parser().parse(avro)))
                : this;
    }

    /** The metastore stores the type as text, which all readers parse. */
    private static void requireReadable(String type) {
        if (!TypeInfoUtils.getTypeInfoFromTypeString(type).getTypeName().equals(type)) {
            throw new IllegalArgumentException("its type reads as another: " + type);
        }
        if (VOID.matcher(type).find()) {
            throw new IllegalArgumentException("it has values that are always null: " + type);
        }
    }
}
