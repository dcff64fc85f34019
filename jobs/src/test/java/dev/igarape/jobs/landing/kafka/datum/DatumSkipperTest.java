package dev.igarape.jobs.landing.kafka.datum;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DatumSkipperTest {
    private static final int SCHEMAS = 300;

    @Test
    void acceptsWholeDataOfRandomSchemas() {
        for (int seed = 0; seed < SCHEMAS; seed++) {
            RandomAvro random = new RandomAvro(seed);
            Schema schema = random.record();
            DatumSkipper skipper = DatumSkipper.compile(schema, Optional.empty());
            for (int i = 0; i < 20; i++) {
                byte[] datum = RandomAvro.encode(schema, random.datum(schema), i % 2 == 0);
                assertThat(skipper.validate(datum, 0, datum.length))
                        .as("seed %d, %s", seed, schema)
                        .isEmpty();
            }
        }
    }

    @Test
    void refusesEveryTruncationOfRandomData() {
        for (int seed = 0; seed < SCHEMAS; seed++) {
            RandomAvro random = new RandomAvro(seed);
            Schema schema = random.record();
            DatumSkipper skipper = DatumSkipper.compile(schema, Optional.empty());
            byte[] datum = RandomAvro.encode(schema, random.datum(schema), seed % 2 == 0);
            for (int end = 0; end < datum.length; end++) {
                assertThat(skipper.validate(datum, 0, end))
                        .as("seed %d cut at %d of %d, %s", seed, end, datum.length, schema)
                        .isPresent();
            }
        }
    }

    @Test
    void agreesWithAvroOnDamagedData() throws IOException {
        int damaged = 0;
        for (int seed = 0; seed < SCHEMAS; seed++) {
            RandomAvro random = new RandomAvro(seed);
            Random dice = new Random(seed);
            Schema schema = random.record();
            DatumSkipper skipper = DatumSkipper.compile(schema, Optional.empty());
            byte[] whole = RandomAvro.encode(schema, random.datum(schema), false);
            for (int i = 0; i < 40 && whole.length > 0; i++) {
                byte[] datum = whole.clone();
                datum[dice.nextInt(datum.length)] ^= (byte) (1 << dice.nextInt(8));
                Optional<String> fault = skipper.validate(datum, 0, datum.length);
                if (fault.isEmpty()) {
                    assertThat(avroEnd(schema, datum))
                            .as("seed %d, %s", seed, schema)
                            .isEqualTo(datum.length);
                } else {
                    damaged++;
                }
            }
        }
        assertThat(damaged).isGreaterThan(1000);
    }

    private static int avroEnd(Schema schema, byte[] datum) throws IOException {
        BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(datum, null);
        new GenericDatumReader<>(schema).read(null, decoder);
        return datum.length - decoder.inputStream().readAllBytes().length;
    }

    @Test
    void neverThrowsOnNoise() {
        for (int seed = 0; seed < SCHEMAS; seed++) {
            RandomAvro random = new RandomAvro(seed);
            Schema schema = random.record();
            DatumSkipper skipper = DatumSkipper.compile(schema, Optional.of("f0"));
            for (int length = 0; length < 60; length++) {
                byte[] noise = random.bytes(length);
                assertThat(skipper.validate(noise, 0, noise.length)).isNotNull();
            }
        }
    }

    @Test
    void walksWithinALargerArray() {
        Schema schema = SchemaBuilder.record("r").fields().requiredString("s").endRecord();
        byte[] array = {9, 9, 4, 'h', 'i', 9};
        DatumSkipper skipper = DatumSkipper.compile(schema, Optional.empty());

        assertThat(skipper.validate(array, 2, 5)).isEmpty();
        assertThat(skipper.validate(array, 2, 4)).contains("s, at byte 0: claims 2 bytes, 1 are left");
        assertThat(skipper.validate(array, 2, 6)).contains("1 bytes are left over behind the datum, which takes 3");
    }

    @Test
    void namesTheNestedFieldAtFault() {
        Schema schema = SchemaBuilder.record("order")
                .fields()
                .requiredInt("id")
                .name("lines")
                .type()
                .array()
                .items(SchemaBuilder.record("line")
                        .fields()
                        .requiredString("sku")
                        .endRecord())
                .noDefault()
                .endRecord();

        assertThat(DatumSkipper.compile(schema, Optional.empty()).validate(new byte[] {2, 2, 40, 'a', 0}, 0, 5))
                .contains("lines[].sku, at byte 2: claims 20 bytes, 2 are left");
    }

    @Test
    void refusesWrongIndexes() {
        assertFault("{\"type\": \"enum\", \"name\": \"e\", \"symbols\": [\"A\", \"B\"]}", bytes(4), "enum index 2");
        assertFault("{\"type\": \"enum\", \"name\": \"e\", \"symbols\": [\"A\", \"B\"]}", bytes(1), "enum index -1");
        assertFault("[\"null\", \"int\"]", bytes(4, 0), "union index 2 is not one of 2 branches");
        assertFault("[\"null\", \"int\"]", bytes(1, 0), "union index -1");
        assertFault("\"boolean\"", bytes(2), "a boolean is 0 or 1, not 2");
    }

    @Test
    void refusesNumbersThatOverflow() {
        assertFault("\"int\"", bytes(0xff, 0xff, 0xff, 0xff, 0x1f), "does not fit 32 bits");
        assertFault("\"int\"", bytes(0x80, 0x80, 0x80, 0x80, 0x80, 0), "does not fit 32 bits");
        assertFault("\"long\"", bytes(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 2), "does not fit 64 bits");
        assertFault("\"long\"", bytes(0x80, 0x80), "the data end within a number");
        assertWhole("\"int\"", bytes(0xff, 0xff, 0xff, 0xff, 0x0f));
        assertWhole("\"long\"", bytes(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1));
    }

    @Test
    void refusesNegativeAndOverlongLengths() throws IOException {
        assertFault("\"string\"", bytes(1), "claims -1 bytes, 0 are left");
        assertFault("\"bytes\"", longs(Long.MAX_VALUE), "claims 9223372036854775807 bytes, 0 are left");
        assertFault("\"bytes\"", longs(Integer.MAX_VALUE + 1L), "claims 2147483648 bytes");
    }

    @Test
    void refusesBlocksThatDoNotAddUp() throws IOException {
        String ints = "{\"type\": \"array\", \"items\": \"int\"}";
        assertFault(ints, longs(Long.MAX_VALUE), "claims 9223372036854775807 items, more than 0 bytes can hold");
        assertFault(ints, longs(Long.MIN_VALUE, 0), "claims 2^63 items");
        assertFault(ints, longs(-2, 3, 1, 1, 0), "claims 3 bytes, but its items take 2");
        assertFault(ints, longs(-2, -1, 1, 1, 0), "claims -1 bytes");
        assertFault(ints, longs(2, 1, 1), "the data end here");
        assertWhole(ints, longs(-2, 2, 1, 1, 1, 1, 0));
    }

    @Test
    void boundsItemsThatTakeNoBytes() throws IOException {
        String nulls = "{\"type\": \"array\", \"items\": \"null\"}";
        assertWhole(nulls, longs(1000, 1000, 0));
        assertFault(nulls, longs(600_000, 600_000, 0), "claims 600000 items, more than 1000000 without bytes");
        assertFault(nulls, longs(Long.MAX_VALUE, 0), "more than 1000000 without bytes");
    }

    @Test
    void boundsTheDepthOfRecursiveData() {
        String list = "{\"type\": \"record\", \"name\": \"n\", \"fields\":"
                + " [{\"name\": \"next\", \"type\": [\"null\", \"n\"]}]}";
        byte[] deep = new byte[100_000];
        Arrays.fill(deep, (byte) 2);
        deep[deep.length - 1] = 0;
        assertFault(list, deep, "the data nest more than 500 deep");
        assertWhole(list, bytes(2, 2, 2, 0));
        assertFault(
                "{\"type\": \"record\", \"name\": \"n\", \"fields\": [{\"name\": \"self\", \"type\": \"n\"}]}",
                bytes(),
                "the data nest more than 500 deep");
    }

    @Test
    void compilesSharedRecordsOnce() {
        Schema schema = SchemaBuilder.record("r0").fields().requiredInt("i").endRecord();
        for (int i = 1; i < 40; i++) {
            schema = SchemaBuilder.record("r" + i)
                    .fields()
                    .name("a")
                    .type(Schema.createUnion(Schema.create(Schema.Type.NULL), schema))
                    .noDefault()
                    .name("b")
                    .type(Schema.createArray(schema))
                    .noDefault()
                    .endRecord();
        }
        assertThat(SkipCompiler.compile(schema, Optional.empty()).code()).hasSizeLessThan(2000);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, 1_700_000_000_123L, Long.MAX_VALUE, Long.MIN_VALUE})
    void readsEventTimesOfLongs(long number) {
        assertInstant("\"long\"", number, number);
        assertInstant("{\"type\": \"long\", \"logicalType\": \"timestamp-millis\"}", number, number);
        assertInstant(
                "{\"type\": \"long\", \"logicalType\": \"timestamp-micros\"}", number, Math.floorDiv(number, 1000));
        assertInstant("[\"null\", {\"type\": \"long\", \"logicalType\": \"timestamp-millis\"}]", number, number);
        assertEvent(
                "{\"type\": \"long\", \"logicalType\": \"local-timestamp-millis\"}",
                number,
                EventTimeKind.LOCAL_TIME,
                number);
    }

    @Test
    void readsEventTimesOfDatesAndStrings() {
        assertEvent("{\"type\": \"int\", \"logicalType\": \"date\"}", 19_000, EventTimeKind.LOCAL_DAY, 19_000);
        assertEvent("{\"type\": \"int\", \"logicalType\": \"date\"}", -1, EventTimeKind.LOCAL_DAY, -1);
        assertEvent("[\"null\", \"string\"]", "2024-01-01", EventTimeKind.LOCAL_DAY, 19_723);
        assertEvent("\"string\"", "2024-01-01T00:00:01Z", EventTimeKind.INSTANT, 19_723 * 86_400_000L + 1000);
    }

    @Test
    void saysWhenThereIsNoEventTime() {
        assertEvent("[\"null\", \"long\"]", null, EventTimeKind.ABSENT, 0);
        DatumSkipper skipper = DatumSkipper.compile(around("\"long\""), Optional.of("elsewhere"));
        byte[] datum = RandomAvro.encode(around("\"long\""), event(around("\"long\""), 7L), false);
        assertThat(skipper.validate(datum, 0, datum.length)).isEmpty();
        assertThat(skipper.eventTimeKind()).isEqualTo(EventTimeKind.ABSENT);
    }

    @Test
    void saysWhyAnEventTimeIsUnreadable() {
        DatumSkipper skipper = assertEvent("\"double\"", 1.5, EventTimeKind.UNREADABLE, 0);
        assertThat(skipper.unreadableReason()).startsWith("field at is of type double; an event time is");
        skipper = assertEvent("\"string\"", "yesterday", EventTimeKind.UNREADABLE, 0);
        assertThat(skipper.unreadableReason())
                .isEqualTo("field at is a string of 9 bytes that is not an ISO-8601 date or timestamp");
        assertEvent("\"int\"", 5, EventTimeKind.UNREADABLE, 0);
        assertEvent("{\"type\": \"long\", \"logicalType\": \"time-micros\"}", 5L, EventTimeKind.UNREADABLE, 0);
    }

    private static void assertInstant(String type, long number, long millis) {
        assertEvent(type, number, EventTimeKind.INSTANT, millis);
    }

    private static DatumSkipper assertEvent(String type, Object value, EventTimeKind kind, long expected) {
        Schema schema = around(type);
        DatumSkipper skipper = DatumSkipper.compile(schema, Optional.of("at"));
        byte[] datum = RandomAvro.encode(schema, event(schema, value), false);
        assertThat(skipper.validate(datum, 0, datum.length)).isEmpty();
        assertThat(skipper.eventTimeKind()).as(type).isEqualTo(kind);
        if (kind == EventTimeKind.INSTANT || kind == EventTimeKind.LOCAL_DAY || kind == EventTimeKind.LOCAL_TIME) {
            assertThat(skipper.eventTime()).as(type).isEqualTo(expected);
        }
        return skipper;
    }

    private static Schema around(String type) {
        return new Schema.Parser()
                .parse("{\"type\": \"record\", \"name\": \"event\", \"fields\": ["
                        + "{\"name\": \"name\", \"type\": \"string\"}, {\"name\": \"at\", \"type\": " + type
                        + "}, {\"name\": \"count\", \"type\": \"int\"}]}");
    }

    private static GenericData.Record event(Schema schema, Object at) {
        GenericData.Record event = new GenericData.Record(schema);
        event.put("name", "click");
        event.put("at", at);
        event.put("count", 1);
        return event;
    }

    private static void assertWhole(String type, byte[] datum) {
        DatumSkipper skipper = DatumSkipper.compile(new Schema.Parser().parse(type), Optional.empty());
        assertThat(skipper.validate(datum, 0, datum.length)).isEmpty();
    }

    private static void assertFault(String type, byte[] datum, String reason) {
        DatumSkipper skipper = DatumSkipper.compile(new Schema.Parser().parse(type), Optional.empty());
        assertThat(skipper.validate(datum, 0, datum.length)).get().asString().contains(reason);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    private static byte[] longs(long... values) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        for (long value : values) {
            encoder.writeLong(value);
        }
        encoder.flush();
        return out.toByteArray();
    }
}
