package dev.igarape.jobs.kafka;

import dev.igarape.jobs.landing.datum.EnvelopeSchema;
import dev.igarape.model.ExitCode;
import dev.igarape.model.LakeException;
import dev.igarape.wire.RegistryUnavailableException;
import dev.igarape.wire.SchemaNotFoundException;
import dev.igarape.wire.SchemaRegistryClient;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.hadoop.hive.serde2.SerDeException;
import org.apache.hadoop.hive.serde2.avro.AvroObjectInspectorGenerator;

/**
 * The schema with which engines read a raw table: the envelope around the topic's latest registered schema.
 *
 * @param avro as JSON, for {@code avro.schema.literal}
 * @param columns Hive type by column name
 */
record ReaderSchema(String avro, Map<String, String> columns) {
    /** Of the first of these topics that has a schema; empty where none has. */
    static Optional<ReaderSchema> latest(Map<String, String> registry, List<String> topics) {
        try (SchemaRegistryClient client = new SchemaRegistryClient(registry)) {
            for (String topic : topics) {
                try {
                    return Optional.of(of(EnvelopeSchema.around(
                            client.latest(topic + "-value").schema())));
                } catch (SchemaNotFoundException e) {
                    // A topic without a schema has only undecodable records, which quarantine holds.
                    continue;
                }
            }
            return Optional.empty();
        } catch (RegistryUnavailableException e) {
            throw new LakeException(ExitCode.UNAVAILABLE, e.getMessage(), e);
        }
    }

    private static ReaderSchema of(Schema envelope) {
        Map<String, String> columns = new LinkedHashMap<>();
        try {
            AvroObjectInspectorGenerator hive = new AvroObjectInspectorGenerator(envelope);
            for (int i = 0; i < hive.getColumnNames().size(); i++) {
                columns.put(
                        hive.getColumnNames().get(i),
                        hive.getColumnTypes().get(i).getTypeName());
            }
        } catch (SerDeException e) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "Hive can't read the topic's latest schema: " + e.getMessage()
                            + ". Register one that it can (no recursive types, no unions of several types).",
                    e);
        }
        return new ReaderSchema(envelope.toString(), Collections.unmodifiableMap(columns));
    }
}
