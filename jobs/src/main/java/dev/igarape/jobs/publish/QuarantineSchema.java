package dev.igarape.jobs.publish;

import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;

/** The Avro schema of quarantined records; the columns of {@link TableLayout#QUARANTINE_COLUMNS}. */
public final class QuarantineSchema {
    public static final Schema SCHEMA = schema();
    /** As JSON. */
    public static final String AVRO = SCHEMA.toString();

    private QuarantineSchema() {}

    private static Schema schema() {
        Schema timestamp = LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
        return SchemaBuilder.record("Quarantined")
                .namespace("dev.igarape.quarantine")
                .fields()
                .requiredString("rule")
                .requiredString("reason")
                .optionalString("topic")
                .optionalInt("partition")
                .optionalLong("offset")
                .name("timestamp")
                .type()
                .unionOf()
                .nullType()
                .and()
                .type(timestamp)
                .endUnion()
                .nullDefault()
                .optionalInt("schema_id")
                .optionalBytes("key")
                .optionalBytes("value")
                .optionalString("row")
                .endRecord();
    }
}
