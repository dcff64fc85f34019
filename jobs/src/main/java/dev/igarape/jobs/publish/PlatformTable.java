package dev.igarape.jobs.publish;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;

/**
 * Definition of a table in {@code ops}: Avro files in which every column is nullable.
 *
 * @param columns Hive types by column name, in order: {@code string}, {@code int}, {@code bigint}, {@code boolean},
 *     {@code date}, {@code timestamp} or {@code array<string>}
 * @param keys Hive types by partition column, in order
 */
public record PlatformTable(String name, String description, Map<String, String> columns, Map<String, String> keys) {
    public PlatformTable {
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    }

    /** Schema of its files; dates are days since 1970, timestamps milliseconds. */
    public Schema schema() {
        SchemaBuilder.FieldAssembler<Schema> fields =
                SchemaBuilder.record(name).namespace("dev.igarape.ops").fields();
        columns.forEach((column, type) -> fields.name(column)
                .type(SchemaBuilder.unionOf().nullType().and().type(avro(type)).endUnion())
                .withDefault(null));
        return fields.endRecord();
    }

    private static Schema avro(String type) {
        return switch (type) {
            case "string" -> Schema.create(Schema.Type.STRING);
            case "int" -> Schema.create(Schema.Type.INT);
            case "bigint" -> Schema.create(Schema.Type.LONG);
            case "boolean" -> Schema.create(Schema.Type.BOOLEAN);
            case "date" -> LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
            case "timestamp" -> LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
            case "array<string>" -> Schema.createArray(Schema.create(Schema.Type.STRING));
            default -> throw new IllegalArgumentException("no column of a platform's table is " + type);
        };
    }
}
