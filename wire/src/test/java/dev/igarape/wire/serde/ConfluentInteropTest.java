package dev.igarape.wire.serde;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.wire.registry.FakeRegistry;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.avro.util.Utf8;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Puts Confluent's serializer and deserializer in the place of ours: {@code mvn -pl wire -am test -Pconfluent}. By name,
 * so that the test compiles without them.
 */
@EnabledIfSystemProperty(named = "igarape.confluent", matches = "true", disabledReason = "needs -Pconfluent")
class ConfluentInteropTest {
    private static final Schema SALE = SchemaBuilder.record("shop.Sale")
            .fields()
            .requiredLong("id")
            .optionalString("item")
            .name("day")
            .type(LogicalTypes.date().addToSchema(Schema.create(Schema.Type.INT)))
            .noDefault()
            .name("price")
            .type(LogicalTypes.decimal(6, 2).addToSchema(Schema.create(Schema.Type.BYTES)))
            .noDefault()
            .endRecord();

    private final FakeRegistry registry = new FakeRegistry();

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void writesTheSameBytes() throws ReflectiveOperationException {
        Map<String, Object> converters = Map.of("avro.use.logical.type.converters", true);
        for (Object value : List.of("text", 5, 5L, 1.5f, 1.5, true, new byte[] {1, 2, 3}, sale())) {
            String topic = value.getClass().getSimpleName();
            assertThat(configured(new AvroSerializer(), converters).serialize(topic, value))
                    .isEqualTo(configured(theirSerializer(), converters).serialize(topic, value));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void readsEachOther(boolean converters) throws ReflectiveOperationException {
        byte[] message = configured(theirSerializer(), Map.of("avro.use.logical.type.converters", true))
                .serialize("sales", sale());
        Map<String, Object> config = Map.of("avro.use.logical.type.converters", converters);

        assertThat(configured(new AvroDeserializer(), config).deserialize("sales", message))
                .isEqualTo(configured(theirDeserializer(), config).deserialize("sales", message));
    }

    @Test
    void readsTheSameJavaTypes() throws ReflectiveOperationException {
        for (Object value : List.of("text", 5, new byte[] {1, 2, 3})) {
            byte[] message = configured(new AvroSerializer(), Map.of())
                    .serialize(value.getClass().getSimpleName(), value);
            assertThat(configured(theirDeserializer(), Map.of()).deserialize("any", message))
                    .isEqualTo(value);
            assertThat(configured(new AvroDeserializer(), Map.of()).deserialize("any", message))
                    .isEqualTo(value);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TopicNameStrategy", "RecordNameStrategy", "TopicRecordNameStrategy"})
    void namesTheSameSubjects(String strategy) throws ReflectiveOperationException {
        Map<String, Object> config = Map.of(
                "value.subject.name.strategy",
                "io.confluent.kafka.serializers.subject." + strategy,
                "avro.use.logical.type.converters",
                true);
        configured(theirSerializer(), config).serialize("sales", sale());
        configured(new AvroSerializer(), config).serialize("sales", sale());

        assertThat(registry.requests())
                .extracting(request -> request.replaceAll("\\?.*", ""))
                .hasSize(2)
                .containsOnly(registry.requests().get(1));
    }

    private static GenericRecord sale() {
        return new GenericRecordBuilder(SALE)
                .set("id", 7L)
                .set("item", new Utf8("pen"))
                .set("day", LocalDate.of(2024, 1, 31))
                .set("price", new BigDecimal("12.30"))
                .build();
    }

    private Serializer<Object> configured(Serializer<Object> serializer, Map<String, ?> more) {
        serializer.configure(config(more), false);
        return serializer;
    }

    private Deserializer<Object> configured(Deserializer<Object> deserializer, Map<String, ?> more) {
        deserializer.configure(config(more), false);
        return deserializer;
    }

    private Map<String, Object> config(Map<String, ?> more) {
        Map<String, Object> config = new HashMap<>(more);
        config.put("schema.registry.url", registry.url());
        return config;
    }

    @SuppressWarnings("unchecked")
    private static Serializer<Object> theirSerializer() throws ReflectiveOperationException {
        return (Serializer<Object>) theirs("KafkaAvroSerializer");
    }

    @SuppressWarnings("unchecked")
    private static Deserializer<Object> theirDeserializer() throws ReflectiveOperationException {
        return (Deserializer<Object>) theirs("KafkaAvroDeserializer");
    }

    private static Object theirs(String name) throws ReflectiveOperationException {
        return Class.forName("io.confluent.kafka.serializers." + name)
                .getConstructor()
                .newInstance();
    }
}
