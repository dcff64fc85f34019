package dev.igarape.wire.json;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;

/** Schemas and data by chance: each datum once as Avro's generic data and once as JSON. */
final class RandomData {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int MAX_DEPTH = 4;

    private final Random random;
    private final List<String> records = new ArrayList<>();
    private int names;

    RandomData(long seed) {
        this.random = new Random(seed);
    }

    /** A datum twice. */
    record Sample(Object datum, JsonNode json) {}

    /** A whole schema, whose root is a record. */
    Schema schema() {
        return new Schema.Parser().parse(recordType(0));
    }

    private String type(int depth) {
        int kinds = depth >= MAX_DEPTH ? 18 : 24;
        switch (random.nextInt(kinds)) {
            case 0:
                return "\"null\"";
            case 1:
                return "\"boolean\"";
            case 2:
                return "\"int\"";
            case 3:
                return "\"long\"";
            case 4:
                return "\"float\"";
            case 5:
                return "\"double\"";
            case 6:
                return "\"string\"";
            case 7:
                return "\"bytes\"";
            case 8:
                return "{\"type\":\"fixed\",\"name\":\"" + name("F") + "\",\"size\":" + random.nextInt(5) + "}";
            case 9:
                return "{\"type\":\"enum\",\"name\":\"" + name("E") + "\",\"symbols\":[\"A\",\"B\",\"C\"]}";
            case 10:
                return logical("bytes", "decimal\",\"precision\":20,\"scale\":\"" + random.nextInt(6))
                        .replaceAll("\"scale\":\"(\\d)\"", "\"scale\":$1");
            case 11:
                return "{\"type\":\"fixed\",\"name\":\"" + name("D")
                        + "\",\"size\":9,\"logicalType\":\"decimal\",\"precision\":20,\"scale\":3}";
            case 12:
                return logical("int", random.nextBoolean() ? "date" : "time-millis");
            case 13:
                return logical("long", random.nextBoolean() ? "timestamp-millis" : "timestamp-micros");
            case 14:
                return logical("long", random.nextBoolean() ? "local-timestamp-millis" : "local-timestamp-micros");
            case 15:
                return logical("long", "time-micros");
            case 16:
                return logical("string", "uuid");
            case 17:
                return records.isEmpty() ? "\"int\"" : "[\"null\",\"" + pick(records) + "\"]";
            case 18:
                return "{\"type\":\"array\",\"items\":" + type(depth + 1) + "}";
            case 19:
                return "{\"type\":\"map\",\"values\":" + type(depth + 1) + "}";
            case 20:
                return recordType(depth + 1);
            case 21:
                return "[\"null\",{\"type\":\"map\",\"values\":" + type(depth + 1) + "}]";
            case 22:
                return "[\"string\",\"null\"]";
            default:
                return "[\"int\",\"boolean\",{\"type\":\"array\",\"items\":" + type(depth + 1)
                        + "},\"null\",\"string\","
                        + "\"double\",{\"type\":\"map\",\"values\":" + type(depth + 1) + "}," + recordType(depth + 1)
                        + ",\"bytes\"]";
        }
    }

    private static String logical(String type, String logicalType) {
        return "{\"type\":\"" + type + "\",\"logicalType\":\"" + logicalType + "\"}";
    }

    private String recordType(int depth) {
        String name = name("R");
        records.add(name);
        StringBuilder fields = new StringBuilder();
        for (int i = random.nextInt(6) + (depth == 0 ? 1 : 0); i > 0; i--) {
            fields.append(fields.length() == 0 ? "" : ",");
            if (random.nextInt(5) == 0) {
                fields.append("{\"name\":\"" + name("f") + "\",\"type\":[\"null\",\"long\"],\"default\":null}");
            } else {
                fields.append("{\"name\":\"" + name("f") + "\",\"type\":" + type(depth) + "}");
            }
        }
        return "{\"type\":\"record\",\"name\":\"" + name + "\",\"fields\":[" + fields + "]}";
    }

    private String name(String prefix) {
        return (prefix.equals("R") && random.nextBoolean() ? "some.space." : "") + prefix + names++;
    }

    /** A datum of the schema; its JSON has fields in any order, leaves defaults out, and names branches as needed. */
    Sample sample(Schema schema) {
        return sample(schema, 0);
    }

    private Sample sample(Schema schema, int depth) {
        if (schema.getLogicalType() != null) {
            return logical(schema);
        }
        switch (schema.getType()) {
            case NULL:
                return new Sample(null, JSON.nullNode());
            case BOOLEAN:
                boolean bool = random.nextBoolean();
                return new Sample(bool, JSON.booleanNode(bool));
            case INT:
                int anInt = random.nextInt() >> random.nextInt(32);
                return new Sample(anInt, number(BigDecimal.valueOf(anInt)));
            case LONG:
                long aLong = random.nextLong() >> random.nextInt(64);
                return new Sample(aLong, number(BigDecimal.valueOf(aLong)));
            case FLOAT:
                float aFloat = (float) random.nextGaussian() * (1 << random.nextInt(20));
                return new Sample(aFloat, JSON.numberNode(aFloat));
            case DOUBLE:
                double aDouble = random.nextGaussian() * Math.pow(10, random.nextInt(600) - 300);
                return new Sample(aDouble, JSON.numberNode(aDouble));
            case STRING:
                String text = text();
                return new Sample(text, JSON.textNode(text));
            case BYTES:
                byte[] bytes = new byte[random.nextInt(6)];
                random.nextBytes(bytes);
                return new Sample(ByteBuffer.wrap(bytes), latin1(bytes));
            case FIXED:
                byte[] fixed = new byte[schema.getFixedSize()];
                random.nextBytes(fixed);
                return new Sample(new GenericData.Fixed(schema, fixed), latin1(fixed));
            case ENUM:
                String symbol = pick(schema.getEnumSymbols());
                return new Sample(new GenericData.EnumSymbol(schema, symbol), JSON.textNode(symbol));
            case ARRAY:
                return array(schema, depth);
            case MAP:
                return map(schema, depth);
            case RECORD:
                return record(schema, depth);
            case UNION:
                return union(schema, depth);
        }
        throw new IllegalStateException(schema.toString());
    }

    private Sample logical(Schema schema) {
        switch (schema.getLogicalType().getName()) {
            case "decimal":
                LogicalTypes.Decimal decimal = (LogicalTypes.Decimal) schema.getLogicalType();
                BigDecimal value = new BigDecimal(new BigInteger(1 + random.nextInt(65), random), decimal.getScale());
                value = random.nextBoolean() ? value.negate() : value;
                JsonNode json = random.nextBoolean() ? JSON.numberNode(value) : JSON.textNode(value.toPlainString());
                return new Sample(unscaled(schema, value), json);
            case "date":
                int days = random.nextInt() >> random.nextInt(32);
                return either(days, LocalDate.ofEpochDay(days));
            case "time-millis":
                int millis = random.nextInt(86_400_000);
                return either(millis, LocalTime.ofNanoOfDay(millis * 1_000_000L));
            case "time-micros":
                long micros = (long) (random.nextDouble() * 86_400_000_000L);
                return either(micros, LocalTime.ofNanoOfDay(micros * 1_000));
            case "uuid":
                String uuid = new UUID(random.nextLong(), random.nextLong()).toString();
                return new Sample(uuid, JSON.textNode(uuid));
            default:
                boolean isMillis = schema.getLogicalType().getName().endsWith("millis");
                long units = random.nextLong() >> (isMillis ? 10 : 1) + random.nextInt(40);
                Instant instant = Instant.EPOCH.plus(units, isMillis ? ChronoUnit.MILLIS : ChronoUnit.MICROS);
                return schema.getLogicalType().getName().startsWith("local")
                        ? either(units, LocalDateTime.ofInstant(instant, ZoneOffset.UTC))
                        : either(units, instant);
        }
    }

    private Sample either(Number stored, Object iso) {
        return new Sample(
                stored,
                random.nextInt(3) == 0
                        ? number(BigDecimal.valueOf(stored.longValue()))
                        : JSON.textNode(iso.toString()));
    }

    private static Object unscaled(Schema schema, BigDecimal value) {
        byte[] bytes = value.unscaledValue().toByteArray();
        if (schema.getType() == Schema.Type.BYTES) {
            return ByteBuffer.wrap(bytes);
        }
        byte[] fixed = new byte[schema.getFixedSize()];
        for (int i = 0; i < fixed.length; i++) {
            int from = i - (fixed.length - bytes.length);
            fixed[i] = from >= 0 ? bytes[from] : (byte) (value.signum() < 0 ? -1 : 0);
        }
        return new GenericData.Fixed(schema, fixed);
    }

    private Sample array(Schema schema, int depth) {
        List<Object> items = new ArrayList<>();
        ArrayNode json = JSON.arrayNode();
        for (int i = size(depth); i > 0; i--) {
            Sample item = sample(schema.getElementType(), depth + 1);
            items.add(item.datum());
            json.add(item.json());
        }
        return new Sample(items, json);
    }

    private Sample map(Schema schema, int depth) {
        Map<String, Object> entries = new LinkedHashMap<>();
        ObjectNode json = JSON.objectNode();
        for (int i = size(depth); i > 0; i--) {
            Sample value = sample(schema.getValueType(), depth + 1);
            String key = text() + i;
            entries.put(key, value.datum());
            json.set(key, value.json());
        }
        return new Sample(entries, json);
    }

    private Sample record(Schema schema, int depth) {
        GenericData.Record datum = new GenericData.Record(schema);
        List<Schema.Field> fields = new ArrayList<>(schema.getFields());
        if (random.nextBoolean()) {
            Collections.shuffle(fields, random);
        }
        ObjectNode json = JSON.objectNode();
        for (Schema.Field field : fields) {
            Sample value = sample(field.schema(), depth + 1);
            datum.put(field.pos(), value.datum());
            if (!field.hasDefaultValue() || value.datum() != null || random.nextBoolean()) {
                json.set(field.name(), value.json());
            }
        }
        return new Sample(datum, json);
    }

    private Sample union(Schema schema, int depth) {
        List<Schema> branches = schema.getTypes();
        Schema branch = depth > MAX_DEPTH + 2 ? Schema.create(Schema.Type.NULL) : pick(branches);
        Sample value = sample(branch, depth + 1);
        boolean bare = branches.size() == 2
                || branch.getType() == Schema.Type.NULL
                || random.nextBoolean()
                        && (branch.getType() == Schema.Type.BOOLEAN || branch.getType() == Schema.Type.ARRAY);
        return bare ? value : new Sample(value.datum(), JSON.objectNode().set(branch.getFullName(), value.json()));
    }

    private int size(int depth) {
        return depth > MAX_DEPTH ? random.nextInt(2) : depth < 3 && random.nextInt(20) == 0 ? 70 : random.nextInt(4);
    }

    /** A whole number, sometimes as 5.0 or 5E0. */
    private JsonNode number(BigDecimal whole) {
        switch (random.nextInt(4)) {
            case 0:
                return JSON.numberNode(whole.setScale(1));
            case 1:
                return JSON.numberNode(whole.stripTrailingZeros());
            default:
                return JSON.numberNode(whole.toBigInteger());
        }
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            switch (random.nextInt(6)) {
                case 0:
                    text.append((char) random.nextInt(32));
                    break;
                case 1:
                    text.append((char) (0x80 + random.nextInt(0x800)));
                    break;
                case 2:
                    text.append((char) (0xe000 + random.nextInt(0x2000)));
                    break;
                case 3:
                    text.appendCodePoint(0x10000 + random.nextInt(0x100000));
                    break;
                default:
                    text.append((char) (32 + random.nextInt(95)));
            }
        }
        return text.toString();
    }

    private static JsonNode latin1(byte[] bytes) {
        return JSON.textNode(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
