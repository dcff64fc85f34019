package dev.igarape.cli.topic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.wire.json.ConversionResult;
import dev.igarape.wire.json.JsonToAvro;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Random;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

final class RandomEventsTest {
    private static final Clock NOON = Clock.fixed(Instant.parse("2024-01-01T12:00:00.123456789Z"), ZoneOffset.UTC);
    private static final int EVENTS = 500;
    private static final String EVERYTHING = """
        {"type": "record", "name": "Everything", "fields": [
          {"name": "flag", "type": "boolean"}, {"name": "small", "type": "int"}, {"name": "big", "type": "long"},
          {"name": "single", "type": "float"}, {"name": "twice", "type": "double"},
          {"name": "text", "type": "string"}, {"name": "bytes", "type": "bytes"},
          {"name": "fixed", "type": {"type": "fixed", "name": "Four", "size": 4}},
          {"name": "enum", "type": {"type": "enum", "name": "Colour", "symbols": ["RED", "BLUE"]}},
          {"name": "list", "type": {"type": "array", "items": ["null", "string"]}},
          {"name": "map", "type": {"type": "map", "values": "long"}},
          {"name": "maybe", "type": ["null", "string"]},
          {"name": "either", "type": ["null", "int", "string", {"type": "map", "values": "int"}]},
          {"name": "amount", "type": {"type": "bytes", "logicalType": "decimal", "precision": 30, "scale": 4}},
          {"name": "cents", "type": {"type": "fixed", "name": "Cents", "size": 2, "logicalType": "decimal",
            "precision": 4, "scale": 2}},
          {"name": "id", "type": {"type": "string", "logicalType": "uuid"}},
          {"name": "day", "type": {"type": "int", "logicalType": "date"}},
          {"name": "time_ms", "type": {"type": "int", "logicalType": "time-millis"}},
          {"name": "time_us", "type": {"type": "long", "logicalType": "time-micros"}},
          {"name": "at_ms", "type": {"type": "long", "logicalType": "timestamp-millis"}},
          {"name": "at_us", "type": {"type": "long", "logicalType": "timestamp-micros"}},
          {"name": "local_ms", "type": {"type": "long", "logicalType": "local-timestamp-millis"}},
          {"name": "local_us", "type": {"type": "long", "logicalType": "local-timestamp-micros"}},
          {"name": "child", "type": ["null", "Everything"]},
          {"name": "children", "type": {"type": "array", "items": "Everything"}}
        ]}
        """;

    @Test
    void everyEventFitsItsSchema() {
        Schema schema = new Schema.Parser().parse(EVERYTHING);
        RandomEvents events = new RandomEvents(schema, new Random(1), NOON);
        for (int i = 0; i < EVENTS; i++) {
            JsonNode event = events.next();
            ConversionResult converted =
                    JsonToAvro.convert(schema, event.toString().getBytes(StandardCharsets.UTF_8));
            assertThat(converted).as(event.toString()).isInstanceOf(ConversionResult.Encoded.class);
        }
    }

    @Test
    void timesAreNow() {
        JsonNode event = new RandomEvents(new Schema.Parser().parse(EVERYTHING), new Random(1), NOON).next();
        assertThat(event.get("day").asText()).isEqualTo("2024-01-01");
        assertThat(event.get("at_ms").asText()).isEqualTo("2024-01-01T12:00:00.123Z");
        assertThat(event.get("local_us").asText()).isEqualTo("2024-01-01T12:00:00.123456");
    }

    @Test
    void theSameSeedGivesTheSameEvents() {
        Schema schema = new Schema.Parser().parse(EVERYTHING);
        RandomEvents once = new RandomEvents(schema, new Random(7), NOON);
        RandomEvents again = new RandomEvents(schema, new Random(7), NOON);
        for (int i = 0; i < 20; i++) {
            assertThat(once.next()).isEqualTo(again.next());
        }
    }

    @Test
    void eventNamesPassTheExpectationOfTheExamples() {
        Schema schema = new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"E\", \"fields\": [{\"name\": \"event_name\", \"type\":"
                        + " \"string\"}]}");
        RandomEvents events = new RandomEvents(schema, new Random(1), NOON);
        for (int i = 0; i < 20; i++) {
            assertThat(events.next().get("event_name").asText()).isIn("click", "view", "submit");
        }
    }
}
