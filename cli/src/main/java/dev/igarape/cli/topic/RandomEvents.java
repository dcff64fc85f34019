package dev.igarape.cli.topic;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Generates random events of a schema, as JSON for the HTTP API; their times are now, so that they are of today. */
public final class RandomEvents {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int MAX_ITEMS = 3;
    /** The depth to which recursive schemas are followed. */
    private static final int MAX_DEPTH = 6;

    private final Schema schema;
    private final Random random;
    private final Clock clock;

    public RandomEvents(Schema schema, Random random, Clock clock) {
        this.schema = schema;
        this.random = random;
        this.clock = clock;
    }

    public JsonNode next() {
        return value(schema, "", 0);
    }

    /** @param name of the field that the value is for: a text is one that such a field might have */
    private JsonNode value(Schema type, String name, int depth) {
        return type.getLogicalType() == null ? physical(type, name, depth) : logical(type, name, depth);
    }

    private JsonNode logical(Schema type, String name, int depth) {
        Instant now = clock.instant();
        if (type.getLogicalType() instanceof LogicalTypes.Decimal decimal) {
            // A number of at most as many bits as 10^precision has; and as a fixed type has room for.
            int digits = Math.min(decimal.getPrecision(), 9);
            BigInteger unscaled = BigInteger.valueOf(random.nextInt((int) Math.pow(10, digits)));
            return JSON.numberNode(new BigDecimal(unscaled, decimal.getScale()));
        }
        LocalDateTime local = LocalDateTime.ofInstant(now, ZoneOffset.UTC);
        LocalTime time = local.toLocalTime();
        return switch (type.getLogicalType().getName()) {
            case "date" -> JSON.textNode(local.toLocalDate().toString());
            case "time-millis" ->
                JSON.textNode(time.truncatedTo(ChronoUnit.MILLIS).toString());
            case "time-micros" ->
                JSON.textNode(time.truncatedTo(ChronoUnit.MICROS).toString());
            case "timestamp-millis" ->
                JSON.textNode(now.truncatedTo(ChronoUnit.MILLIS).toString());
            case "timestamp-micros" ->
                JSON.textNode(now.truncatedTo(ChronoUnit.MICROS).toString());
            case "local-timestamp-millis" ->
                JSON.textNode(local.truncatedTo(ChronoUnit.MILLIS).toString());
            case "local-timestamp-micros" ->
                JSON.textNode(local.truncatedTo(ChronoUnit.MICROS).toString());
            case "uuid" -> JSON.textNode(new UUID(random.nextLong(), random.nextLong()).toString());
            default -> physical(type, name, depth);
        };
    }

    private JsonNode physical(Schema type, String name, int depth) {
        return switch (type.getType()) {
            case NULL -> JSON.nullNode();
            case BOOLEAN -> JSON.booleanNode(random.nextBoolean());
            case INT, LONG -> JSON.numberNode(random.nextInt(1000));
            case FLOAT, DOUBLE -> JSON.numberNode(random.nextInt(4000) / 4.0);
            case STRING -> JSON.textNode(SampleText.forField(name, random));
            case BYTES -> JSON.textNode(latin(MAX_ITEMS));
            case FIXED -> JSON.textNode(latin(type.getFixedSize()));
            case ENUM -> JSON.textNode(pick(type.getEnumSymbols()));
            case RECORD -> record(type, depth);
            case ARRAY -> array(type, name, depth);
            case MAP -> map(type, name, depth);
            case UNION -> union(type, name, depth);
        };
    }

    private ObjectNode record(Schema type, int depth) {
        ObjectNode object = JSON.objectNode();
        type.getFields().forEach(field -> object.set(field.name(), value(field.schema(), field.name(), depth + 1)));
        return object;
    }

    private ArrayNode array(Schema type, String name, int depth) {
        ArrayNode array = JSON.arrayNode();
        for (int i = items(depth); i > 0; i--) {
            array.add(value(type.getElementType(), name, depth + 1));
        }
        return array;
    }

    private ObjectNode map(Schema type, String name, int depth) {
        ObjectNode object = JSON.objectNode();
        for (int i = items(depth); i > 0; i--) {
            object.set("key" + i, value(type.getValueType(), name, depth + 1));
        }
        return object;
    }

    private int items(int depth) {
        return depth >= MAX_DEPTH ? 0 : random.nextInt(MAX_ITEMS + 1);
    }

    /**
     * A bare value where there is one branch beside null, otherwise under the branch's name. Null now and then, and at
     * the depth's limit.
     */
    private JsonNode union(Schema type, String name, int depth) {
        List<Schema> branches = type.getTypes().stream()
                .filter(branch -> branch.getType() != Schema.Type.NULL)
                .toList();
        boolean nullable = branches.size() < type.getTypes().size();
        if (branches.isEmpty() || nullable && (depth >= MAX_DEPTH || random.nextInt(10) == 0)) {
            return JSON.nullNode();
        }
        Schema branch = branches.get(random.nextInt(branches.size()));
        JsonNode value = value(branch, name, depth + 1);
        return branches.size() == 1 ? value : JSON.objectNode().set(branch.getFullName(), value);
    }

    private String latin(int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append((char) ('a' + random.nextInt(26)));
        }
        return text.toString();
    }

    private String pick(List<String> words) {
        return words.get(random.nextInt(words.size()));
    }
}
