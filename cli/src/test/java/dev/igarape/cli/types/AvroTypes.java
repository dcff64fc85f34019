package dev.igarape.cli.types;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;

/** Avro's types, as values of a Kafka topic. */
final class AvroTypes {
    private static final Schema SCHEMA = new Schema.Parser().parse("""
            {"type": "record", "name": "Types", "namespace": "igarape.types", "fields": [
              {"name": "label", "type": "string"},
              {"name": "bool", "type": ["null", "boolean"], "default": null},
              {"name": "int32", "type": ["null", "int"], "default": null},
              {"name": "int64", "type": ["null", "long"], "default": null},
              {"name": "float32", "type": ["null", "float"], "default": null},
              {"name": "float64", "type": ["null", "double"], "default": null},
              {"name": "text", "type": ["null", "string"], "default": null},
              {"name": "bytes", "type": ["null", "bytes"], "default": null},
              {"name": "fix", "type": ["null", {"type": "fixed", "name": "Two", "size": 2}], "default": null},
              {"name": "enumerated", "type": ["null", {"type": "enum", "name": "Letter", "symbols": ["A", "B"]}],
               "default": null},
              {"name": "uuid", "type": ["null", {"type": "string", "logicalType": "uuid"}], "default": null},
              {"name": "dec", "type": ["null",
                {"type": "bytes", "logicalType": "decimal", "precision": 38, "scale": 18}], "default": null},
              {"name": "dec_fixed", "type": ["null",
                {"type": "fixed", "name": "Money", "size": 4, "logicalType": "decimal", "precision": 9, "scale": 2}],
               "default": null},
              {"name": "day", "type": ["null", {"type": "int", "logicalType": "date"}], "default": null},
              {"name": "time_ms", "type": ["null", {"type": "int", "logicalType": "time-millis"}], "default": null},
              {"name": "time_us", "type": ["null", {"type": "long", "logicalType": "time-micros"}], "default": null},
              {"name": "at_ms", "type": ["null", {"type": "long", "logicalType": "timestamp-millis"}],
               "default": null},
              {"name": "at_us", "type": ["null", {"type": "long", "logicalType": "timestamp-micros"}],
               "default": null},
              {"name": "local_ms", "type": ["null", {"type": "long", "logicalType": "local-timestamp-millis"}],
               "default": null},
              {"name": "local_us", "type": ["null", {"type": "long", "logicalType": "local-timestamp-micros"}],
               "default": null},
              {"name": "list", "type": ["null", {"type": "array", "items": "long"}], "default": null},
              {"name": "map", "type": ["null", {"type": "map", "values": "long"}], "default": null},
              {"name": "rec", "type": ["null", {"type": "record", "name": "Point", "fields": [
                {"name": "x", "type": "long"}, {"name": "y", "type": ["null", "long"]}]}], "default": null}]}
            """);

    private AvroTypes() {}

    static TypedSource source() {
        return new TypedSource(
                "avro",
                "Avro (Kafka)",
                "value.label",
                "raw.avro_types",
                List.of(
                        column("bool", "boolean", Kind.BOOLEAN),
                        column("int32", "int", Kind.INTEGER),
                        column("int64", "long", Kind.BIGINT),
                        column("float32", "float", Kind.FLOAT),
                        column("float64", "double", Kind.DOUBLE),
                        column("text", "string", Kind.TEXT),
                        column("bytes", "bytes", Kind.BYTES),
                        column("fix", "fixed", Kind.FIXED),
                        column("enumerated", "enum", Kind.NAME).with(Map.of("max", "B")),
                        column("uuid", "uuid", Kind.NAME),
                        column("dec", "decimal (bytes)", Kind.DECIMAL),
                        column("dec_fixed", "decimal (fixed)", Kind.SMALL_DECIMAL)
                                .otherwiseInTrino(),
                        column("day", "date", Kind.DATE),
                        column("time_ms", "time-millis", Kind.INTEGER).with(Map.of("max", "86399999", "zero", "0")),
                        column("time_us", "time-micros", Kind.BIGINT).with(Map.of("max", "86399999999", "zero", "0")),
                        column("at_ms", "timestamp-millis", Kind.INSTANT_MILLIS),
                        column("at_us", "timestamp-micros", Kind.INSTANT),
                        column("local_ms", "local-timestamp-millis", Kind.WALL_MILLIS),
                        column("local_us", "local-timestamp-micros", Kind.WALL),
                        column("list", "array", Kind.NESTED)
                                .with(Map.of("max", "[9223372036854775807]", "empty", "[]")),
                        column("map", "map", Kind.NESTED).with(Map.of("max", "{\"🌴\":1}", "empty", "{}")),
                        column("rec", "record", Kind.NESTED).with(Map.of("max", "{\"x\":1,\"y\":2}"))));
    }

    private static TypedColumn column(String name, String type, Kind kind) {
        return TypedColumn.typed(name, type, kind, "value." + name);
    }

    /** The value of a topic's message for a row of this name. */
    static GenericRecord value(String row) {
        GenericRecordBuilder record = new GenericRecordBuilder(SCHEMA).set("label", row);
        for (TypedColumn column : source().columns()) {
            if (column.extremes().containsKey(row)) {
                Schema type = SCHEMA.getField(column.name()).schema().getTypes().get(1);
                record.set(column.name(), datum(column, type, column.extremes().get(row)));
            }
        }
        return record.build();
    }

    private static Object datum(TypedColumn column, Schema type, String text) {
        return switch (column.type()) {
            case "boolean" -> Boolean.valueOf(text);
            case "int", "time-millis" -> Integer.valueOf(text);
            case "long", "time-micros" -> Long.valueOf(text);
            case "float" -> Float.valueOf(text);
            case "double" -> Double.valueOf(text);
            case "bytes" -> ByteBuffer.wrap(HexFormat.of().parseHex(text));
            case "fixed" -> new GenericData.Fixed(type, HexFormat.of().parseHex(text));
            case "enum" -> new GenericData.EnumSymbol(type, text);
            case "decimal (bytes)" -> ByteBuffer.wrap(unscaled(text).toByteArray());
            case "decimal (fixed)" ->
                new GenericData.Fixed(
                        type,
                        ByteBuffer.allocate(4)
                                .putInt(unscaled(text).intValueExact())
                                .array());
            case "date" -> (int) LocalDate.parse(text).toEpochDay();
            case "timestamp-millis" -> Instant.parse(text).toEpochMilli();
            case "timestamp-micros" -> Kind.micros(Instant.parse(text));
            case "local-timestamp-millis" ->
                LocalDateTime.parse(text).toInstant(ZoneOffset.UTC).toEpochMilli();
            case "local-timestamp-micros" ->
                Kind.micros(LocalDateTime.parse(text).toInstant(ZoneOffset.UTC));
            case "array" -> text.equals("[]") ? List.of() : List.of(Long.MAX_VALUE);
            case "map" -> text.equals("{}") ? Map.of() : Map.of("🌴", 1L);
            case "record" ->
                new GenericRecordBuilder(type).set("x", 1L).set("y", 2L).build();
            default -> text;
        };
    }

    private static BigInteger unscaled(String decimal) {
        return new BigDecimal(decimal).unscaledValue();
    }
}
