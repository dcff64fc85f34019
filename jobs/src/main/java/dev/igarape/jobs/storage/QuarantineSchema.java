package dev.igarape.jobs.storage;

import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;

/** Avro schema of quarantine files. */
public final class QuarantineSchema {
    private static final Schema SCHEMA = SchemaBuilder.record("Quarantined")
            .namespace("dev.igarape.raw")
            .fields()
            .requiredString("rule")
            .requiredString("reason")
            .requiredString("topic")
            .requiredInt("partition")
            .requiredLong("offset")
            .name("timestamp")
            .type(LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG)))
            .noDefault()
            .optionalInt("schema_id")
            .optionalBytes("key")
            .optionalBytes("value")
            .optionalString("row")
            .endRecord();

    private QuarantineSchema() {}

    /**
     * Columns: rule, reason, topic, partition, offset, timestamp, schema_id, key, value, row. Landings leave row null.
     */
    public static Schema schema() {
        return SCHEMA;
    }
}
