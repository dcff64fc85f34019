package dev.igarape.jobs.storage;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
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

    private static final Map<String, String> COLUMNS = columnsOf(SCHEMA);

    private QuarantineSchema() {}

    /**
     * Columns: rule, reason, topic, partition, offset, timestamp, schema_id, key, value, row. Landings leave row null.
     */
    public static Schema schema() {
        return SCHEMA;
    }

    /** The same columns as a table has them, which is partitioned further: Spark SQL type by name, in order. */
    public static Map<String, String> columns() {
        return COLUMNS;
    }

    private static Map<String, String> columnsOf(Schema schema) {
        Map<String, String> columns = new LinkedHashMap<>();
        for (Schema.Field field : schema.getFields()) {
            Schema type = field.schema();
            columns.put(field.name(), sqlType(type.isUnion() ? type.getTypes().get(1) : type));
        }
        return Collections.unmodifiableMap(columns);
    }

    private static String sqlType(Schema type) {
        if (type.getLogicalType() != null) {
            return "timestamp";
        }
        return switch (type.getType()) {
            case STRING -> "string";
            case INT -> "int";
            case LONG -> "bigint";
            case BYTES -> "binary";
            default -> throw new IllegalStateException("no column of quarantine is " + type);
        };
    }
}
