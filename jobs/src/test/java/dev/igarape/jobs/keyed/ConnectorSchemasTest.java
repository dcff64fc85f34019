package dev.igarape.jobs.keyed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.ChangeCapture;
import dev.igarape.model.CurrentDefinition;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** Schemas as Debezium's connector for PostgreSQL registers them. */
final class ConnectorSchemasTest {
    private static final Optional<Schema> KEY = schema("""
            {"type": "record", "name": "Key", "fields": [{"name": "id", "type": "long"}, {"name": "shop", "type": "int"}]}
            """);
    private static final Optional<Schema> ENVELOPE = schema("""
            {"type": "record", "name": "Envelope", "fields": [
              {"name": "before", "default": null, "type": ["null", {"type": "record", "name": "Value", "fields": [
                {"name": "id", "type": "long"},
                {"name": "millis", "default": null,
                  "type": ["null", {"type": "long", "connect.name": "io.debezium.time.Timestamp"}]},
                {"name": "micros", "type": {"type": "long", "connect.name": "io.debezium.time.MicroTimestamp"}},
                {"name": "moment", "type": {"type": "long", "logicalType": "timestamp-millis",
                  "connect.name": "org.apache.kafka.connect.data.Timestamp"}}]}]},
              {"name": "after", "default": null, "type": ["null", "Value"]}]}
            """);

    @Test
    void keysAreThoseOfTheSource() {
        assertThat(faults(List.of("shop", "ID"), Map.of("id", "bigint"))).isEmpty();
        assertThat(faults(List.of("email"), Map.of("email", "string")))
                .singleElement()
                .asString()
                .startsWith(
                        "its keys are declared as [email], but topic shop.orders has changes by [id, shop], the primary"
                                + " key of its table.")
                .endsWith("Declare keys: [id, shop].");
        assertThat(faults(List.of("id"), Map.of("id", "bigint"))).hasSize(1);
        assertThat(ConnectorSchemas.faults(
                        table(List.of("id"), Map.of()), "shop.orders", Optional.empty(), Optional.empty()))
                .isEmpty();
    }

    @Test
    void timesAreReadInTheUnitInWhichTheyCome() {
        List<String> keys = List.of("id", "shop");
        assertThat(faults(keys, Map.of("millis", "bigint", "micros", "timestamp_ntz", "moment", "string")))
                .isEmpty();
        assertThat(faults(keys, Map.of("millis", "timestamp_ntz")))
                .singleElement()
                .asString()
                .startsWith(
                        "column millis is declared timestamp_ntz, but topic shop.orders has it in milliseconds and not"
                                + " in microseconds.");
        assertThat(faults(keys, Map.of("moment", "timestamp"))).hasSize(1);
    }

    @Test
    void topicsOfEpochsThatAreLeftOutNeedNotFit() {
        List<String> topics = List.of("shop.public.orders", "shop_2.public.orders");
        assertThat(ConnectorSchemas.followed(topics, List.of("shop_2"))).containsExactly("shop_2.public.orders");
        assertThat(ConnectorSchemas.followed(topics, List.of("shop", "shop_2"))).isEqualTo(topics);
        assertThat(ConnectorSchemas.followed(topics, List.of())).isEqualTo(topics);
        // Renamed on the way.
        assertThat(ConnectorSchemas.followed(List.of("orders"), List.of("shop")))
                .containsExactly("orders");
        assertThat(ConnectorSchemas.withoutKey("shop.public.orders")).contains("capture it under a new topic.prefix");
    }

    private static List<String> faults(List<String> keys, Map<String, String> columns) {
        return ConnectorSchemas.faults(table(keys, columns), "shop.orders", KEY, ENVELOPE);
    }

    private static Table table(List<String> keys, Map<String, String> columns) {
        ChangeCapture capture = new ChangeCapture(ChangeCapture.DEBEZIUM, List.of());
        return new Table(
                TableName.parse("trusted.orders"),
                "",
                new CurrentDefinition("", keys, List.of(), Optional.empty(), true, Optional.of(capture)),
                columns,
                List.of(),
                List.of(),
                "forever",
                "x");
    }

    private static Optional<Schema> schema(String json) {
        return Optional.of(new Schema.Parser().parse(json));
    }
}
