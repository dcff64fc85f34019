package dev.igarape.wire.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.wire.registry.FakeRegistry;
import dev.igarape.wire.registry.SchemaNotFoundException;
import dev.igarape.wire.registry.SchemaRegistryClient;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.util.Utf8;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AvroSerdesTest {
    private static final Schema ORDER = SchemaBuilder.record("shop.Order")
            .fields()
            .requiredInt("id")
            .requiredString("item")
            .endRecord();
    private static final Schema REORDERED = SchemaBuilder.record("shop.Order")
            .fields()
            .optionalString("note")
            .requiredString("item")
            .requiredLong("id")
            .endRecord();

    private final FakeRegistry registry = new FakeRegistry();

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void sendsARecordThere() {
        byte[] message = serializer(Map.of()).serialize("orders", order(7, "pen"));

        assertThat(message).isEqualTo(new byte[] {0, 0, 0, 0, 1, 14, 6, 'p', 'e', 'n'});
        assertThat(registry.requests()).containsExactly("POST /subjects/orders-value/versions");
        assertThat(deserializer(Map.of()).deserialize("orders", message)).isEqualTo(order(7, "pen"));
    }

    @Test
    void asksTheRegistryOncePerSchema() {
        AvroSerializer serializer = serializer(Map.of());
        AvroDeserializer deserializer = deserializer(Map.of());
        for (int i = 0; i < 5; i++) {
            deserializer.deserialize("orders", serializer.serialize("orders", order(i, "pen")));
        }
        assertThat(registry.requests()).containsExactly("POST /subjects/orders-value/versions", "GET /schemas/ids/1");
    }

    @Test
    void keepsTombstones() {
        assertThat(serializer(Map.of()).serialize("orders", null)).isNull();
        assertThat(deserializer(Map.of()).deserialize("orders", null)).isNull();
    }

    @Test
    void sendsPrimitives() {
        assertRoundTrip("text", "text");
        assertRoundTrip(5, 5);
        assertRoundTrip(5L, 5L);
        assertRoundTrip(1.5f, 1.5f);
        assertRoundTrip(1.5, 1.5);
        assertRoundTrip(true, true);
        assertRoundTrip(new byte[] {1, 2, 3}, new byte[] {1, 2, 3});
        assertRoundTrip(ByteBuffer.wrap(new byte[] {0, 1, 2, 3}, 1, 3), new byte[] {1, 2, 3});
    }

    @Test
    void writesBytesWithoutLengthAsConfluentDoes() {
        assertThat(serializer(Map.of()).serialize("raw", new byte[] {9, 8}))
                .hasSize(7)
                .endsWith(9, 8);
    }

    @Test
    void refusesWhatIsNoAvroType() {
        assertThatThrownBy(() -> serializer(Map.of()).serialize("orders", Map.of()))
                .isInstanceOf(SerializationException.class)
                .hasMessageStartingWith("Cannot serialize a message for `orders`: java.util.")
                .hasMessageEndingWith(" is no Avro type. Send a GenericRecord, or a value of a primitive type.");
    }

    @Test
    void saysWhichDataDoNotFit() {
        GenericRecord incomplete = new GenericData.Record(ORDER);
        incomplete.put("id", 1);
        assertThatThrownBy(() -> serializer(Map.of()).serialize("orders", incomplete))
                .isInstanceOf(SerializationException.class)
                .hasMessageStartingWith(
                        "Cannot serialize a message for `orders`: it does not fit the schema shop.Order: ");
    }

    @Test
    void looksUpInsteadOfRegistering() {
        AvroSerializer careful = serializer(Map.of("auto.register.schemas", "false"));
        assertThatThrownBy(() -> careful.serialize("orders", order(1, "pen")))
                .isInstanceOf(SerializationException.class)
                .hasCauseInstanceOf(SchemaNotFoundException.class)
                .hasMessageContaining("Cannot look up a schema under `orders-value`")
                .hasMessageContaining("40401");

        registry.add("orders-value", ORDER.toString());
        assertThat(careful.serialize("orders", order(1, "pen"))).startsWith(0, 0, 0, 0, 1);
    }

    @Test
    void writesWithTheLatestVersionFieldByField() {
        registry.add("orders-value", ORDER.toString());
        registry.add("orders-value", REORDERED.toString());
        byte[] message = serializer(Map.of("auto.register.schemas", false, "use.latest.version", true))
                .serialize("orders", order(7, "pen"));

        assertThat(message).startsWith(0, 0, 0, 0, 2);
        GenericRecord read = (GenericRecord) deserializer(Map.of()).deserialize("orders", message);
        assertThat(read).hasToString("{\"note\": null, \"item\": \"pen\", \"id\": 7}");
    }

    @Test
    void registersRatherThanTakesTheLatestVersionWhenToldBothAsConfluentDoes() {
        registry.add("orders-value", REORDERED.toString());
        registry.answerNext(200, "{\"id\":9}");
        assertThat(serializer(Map.of("use.latest.version", true)).serialize("orders", order(1, "pen")))
                .startsWith(0, 0, 0, 0, 9);
    }

    @Test
    void refusesRecordsThatTheLatestVersionCannotHold() {
        Schema latest = SchemaBuilder.record("shop.Order")
                .fields()
                .requiredInt("id")
                .requiredString("colour")
                .endRecord();
        registry.add("orders-value", latest.toString());
        assertThatThrownBy(() -> serializer(Map.of("auto.register.schemas", false, "use.latest.version", true))
                        .serialize("orders", order(7, "pen")))
                .isInstanceOf(SerializationException.class)
                .hasMessage("Cannot serialize with version 1 of `orders-value`: it can't read data of the record's own"
                        + " schema shop.Order. Use a record of the latest version, or set"
                        + " `latest.compatibility.strict=false`.");
        assertThatThrownBy(() -> serializer(Map.of(
                                "auto.register.schemas", false,
                                "use.latest.version", true,
                                "latest.compatibility.strict", false))
                        .serialize("orders", order(7, "pen")))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("missing required field colour");
    }

    @ParameterizedTest
    @CsvSource({
        "io.confluent.kafka.serializers.subject.TopicNameStrategy, orders-value",
        "io.confluent.kafka.serializers.subject.RecordNameStrategy, shop.Order",
        "io.confluent.kafka.serializers.subject.TopicRecordNameStrategy, orders-shop.Order",
        "RecordNameStrategy, shop.Order",
        "TopicRecordName, orders-shop.Order"
    })
    void namesSubjectsByConfluentsStrategies(String strategy, String subject) {
        serializer(Map.of("value.subject.name.strategy", strategy)).serialize("orders", order(1, "pen"));
        assertThat(registry.requests()).containsExactly("POST /subjects/" + subject + "/versions");
    }

    @Test
    void tellsKeysFromValues() {
        AvroSerializer keys = new AvroSerializer();
        keys.configure(config(Map.of("value.subject.name.strategy", "RecordNameStrategy")), true);
        keys.serialize("orders", "k1");
        assertThat(registry.requests()).containsExactly("POST /subjects/orders-key/versions");

        assertThatThrownBy(() -> serializer(Map.of("value.subject.name.strategy", "RecordNameStrategy"))
                        .serialize("orders", "text"))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("the strategy wants a record, but the schema is of type string");
    }

    @ParameterizedTest
    @CsvSource({
        "value.subject.name.strategy, com.acme.MyStrategy, 'Supported are'",
        "specific.avro.reader, true, 'Only generic records are read'",
        "schema.reflection, true, 'Schemas by reflection are not supported'",
        "auto.register.schemas, yes, 'It takes true or false.'"
    })
    void refusesSettingsThatItCannotKeep(String setting, String value, String message) {
        assertThatThrownBy(() -> serializer(Map.of(setting, value)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Invalid value " + value + " for configuration " + setting)
                .hasMessageContaining(message);
        assertThatThrownBy(() -> deserializer(Map.of(setting, value))).isInstanceOf(ConfigException.class);
    }

    @Test
    void convertsLogicalTypesWhenTold() {
        Schema decimal = LogicalTypes.decimal(6, 2).addToSchema(Schema.create(Schema.Type.BYTES));
        Schema day = LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT));
        Schema at = LogicalTypes.timestampMillis().addToSchema(Schema.create(Schema.Type.LONG));
        Schema schema = SchemaBuilder.record("Sale")
                .fields()
                .name("price")
                .type(decimal)
                .noDefault()
                .name("day")
                .type(day)
                .noDefault()
                .name("at")
                .type(at)
                .noDefault()
                .endRecord();
        GenericRecord sale = new GenericRecordBuilder(schema)
                .set("price", new BigDecimal("12.30"))
                .set("day", LocalDate.of(2024, 1, 31))
                .set("at", Instant.parse("2024-01-31T12:30:15.123Z"))
                .build();
        Map<String, Object> converters = Map.of("avro.use.logical.type.converters", true);
        byte[] message = serializer(converters).serialize("sales", sale);

        assertThat(deserializer(converters).deserialize("sales", message)).isEqualTo(sale);
        GenericRecord plain = (GenericRecord) deserializer(Map.of()).deserialize("sales", message);
        assertThat(plain.get("day")).isEqualTo(19753);
        assertThat(plain.get("at")).isEqualTo(1706704215123L);
        assertThat(plain.get("price")).isEqualTo(ByteBuffer.wrap(new byte[] {4, (byte) 0xce}));
        assertThatThrownBy(() -> serializer(Map.of()).serialize("sales", sale))
                .isInstanceOf(SerializationException.class);
    }

    @Test
    void refusesMessagesThatAreNotInTheWireFormat() {
        assertThatThrownBy(() -> deserializer(Map.of()).deserialize("orders", new byte[] {1, 2, 3, 4, 5, 6}))
                .isInstanceOf(SerializationException.class)
                .hasMessage("Cannot deserialize a message of `orders` (bad_magic). The message starts with byte 0x01;"
                        + " Confluent's wire format starts with 0x00.");
        assertThatThrownBy(() -> deserializer(Map.of()).deserialize("orders", new byte[0]))
                .hasMessageContaining("(short_message)");
    }

    @Test
    void refusesUnknownSchemas() {
        assertThatThrownBy(() -> deserializer(Map.of()).deserialize("orders", WireFormat.frame(42, new byte[1])))
                .isInstanceOf(SerializationException.class)
                .hasCauseInstanceOf(SchemaNotFoundException.class)
                .hasMessageContaining("Cannot get the schema with id 42");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0e", "0e06", "0e0670656e00", "0e0d"})
    void refusesTruncatedDataAndTrailingBytes(String hex) {
        registry.add("orders-value", ORDER.toString());
        byte[] datum = HexFormat.of().parseHex(hex);
        assertThatThrownBy(() -> deserializer(Map.of()).deserialize("orders", WireFormat.frame(1, datum)))
                .isInstanceOf(SerializationException.class)
                .hasMessageStartingWith(
                        "Cannot deserialize a message of `orders`: it is no datum of schema 1 (shop.Order): ");
    }

    @Test
    void makesNoRoomForItemsThatAreNotThere() {
        registry.add("lists-value", "{\"type\":\"array\",\"items\":\"long\"}");
        // A block of 2147483639 items, of which none follows.
        byte[] liar = {(byte) 0xee, (byte) 0xff, (byte) 0xff, (byte) 0xff, 0x0f};
        assertThatThrownBy(() -> deserializer(Map.of()).deserialize("lists", WireFormat.frame(1, liar)))
                .isInstanceOf(SerializationException.class);
    }

    @Test
    void sharesAClientWithoutClosingIt() {
        SchemaRegistryClient client = new SchemaRegistryClient(config(Map.of()));
        AvroSerializer serializer = new AvroSerializer(client);
        serializer.configure(Map.of(), false);
        byte[] message = serializer.serialize("orders", order(1, "pen"));
        serializer.close();
        client.idOf("orders-value", ORDER);

        assertThat(registry.requests()).hasSize(1);
        assertThat(new AvroDeserializer(client).deserialize("orders", message)).isEqualTo(order(1, "pen"));
    }

    private void assertRoundTrip(Object sent, Object received) {
        byte[] message = serializer(Map.of("value.subject.name.strategy", "TopicNameStrategy"))
                .serialize(sent.getClass().getSimpleName(), sent);
        assertThat(deserializer(Map.of()).deserialize("any", message)).isEqualTo(received);
    }

    private static GenericRecord order(int id, String item) {
        return new GenericRecordBuilder(ORDER)
                .set("id", id)
                .set("item", new Utf8(item))
                .build();
    }

    private AvroSerializer serializer(Map<String, ?> more) {
        AvroSerializer serializer = new AvroSerializer();
        serializer.configure(config(more), false);
        return serializer;
    }

    private AvroDeserializer deserializer(Map<String, ?> more) {
        AvroDeserializer deserializer = new AvroDeserializer();
        deserializer.configure(config(more), false);
        return deserializer;
    }

    private Map<String, Object> config(Map<String, ?> more) {
        Map<String, Object> config = new HashMap<>();
        config.put("schema.registry.url", registry.url());
        config.put("bootstrap.servers", "127.0.0.1:9092");
        config.putAll(more);
        return config;
    }
}
