package dev.igarape.wire.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

/** Compares with Avro's own writer, over schemas and data by chance from fixed seeds. */
class JsonToAvroPropertyTest {
    private static final int SCHEMAS = 200;
    private static final int SAMPLES = 10;
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void writesTheBytesThatAvroWrites() throws IOException {
        int bytes = 0;
        for (long seed = 0; seed < SCHEMAS; seed++) {
            RandomData chance = new RandomData(seed);
            Schema schema = chance.schema();
            for (int i = 0; i < SAMPLES; i++) {
                RandomData.Sample sample = chance.sample(schema);
                byte[] json = JSON.writeValueAsBytes(sample.json());
                byte[] expected = avro(schema, sample.datum());
                assertThat(encoded(schema, json))
                        .as("seed %d, sample %d: %s of %s", seed, i, new String(json, StandardCharsets.UTF_8), schema)
                        .isEqualTo(expected);
                bytes += expected.length;
            }
        }
        assertThat(bytes).isGreaterThan(SCHEMAS * SAMPLES * 20);
    }

    @Test
    void readsBackWhatIsWrittenForPeople() throws IOException {
        for (long seed = 1000; seed < 1000 + SCHEMAS; seed++) {
            RandomData chance = new RandomData(seed);
            Schema schema = chance.schema();
            byte[] datum = avro(schema, chance.sample(schema).datum());
            String json = AvroToJson.toJson(schema, datum);
            assertThat(encoded(schema, json.getBytes(StandardCharsets.UTF_8)))
                    .as("seed %d: %s of %s", seed, json, schema)
                    .isEqualTo(datum);
        }
    }

    @Test
    void neverThrowsAndNeverWritesWhatAvroCannotRead() throws IOException {
        int accepted = 0;
        for (long seed = 2000; seed < 2000 + SCHEMAS; seed++) {
            RandomData chance = new RandomData(seed);
            Random damage = new Random(seed);
            Schema schema = chance.schema();
            byte[] json = JSON.writeValueAsBytes(chance.sample(schema).json());
            for (int i = 0; i < 50; i++) {
                ConversionResult converted = JsonToAvro.convert(schema, damaged(json, damage));
                if (converted instanceof ConversionResult.Encoded encoded) {
                    BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(encoded.avro(), null);
                    new GenericDatumReader<Object>(schema).read(null, decoder);
                    assertThat(decoder.isEnd()).isTrue();
                    accepted++;
                }
            }
        }
        assertThat(accepted).isBetween(100, SCHEMAS * 49);
    }

    @Test
    void refusesDamagedDataWithOneKindOfException() throws IOException {
        int refused = 0;
        for (long seed = 3000; seed < 3000 + SCHEMAS; seed++) {
            RandomData chance = new RandomData(seed);
            Random damage = new Random(seed);
            Schema schema = chance.schema();
            byte[] datum = avro(schema, chance.sample(schema).datum());
            for (int i = 0; i < 20; i++) {
                try {
                    AvroToJson.toJson(schema, damaged(datum, damage));
                } catch (SerializationException e) {
                    refused++;
                }
            }
        }
        assertThat(refused).isGreaterThan(SCHEMAS);
    }

    private static byte[] damaged(byte[] bytes, Random damage) {
        byte[] copy = Arrays.copyOf(bytes, damage.nextInt(10) == 0 ? damage.nextInt(bytes.length + 1) : bytes.length);
        for (int i = 1 + damage.nextInt(3); i > 0 && copy.length > 0; i--) {
            copy[damage.nextInt(copy.length)] =
                    (byte) (damage.nextBoolean() ? 32 + damage.nextInt(95) : damage.nextInt(256));
        }
        return copy;
    }

    private static byte[] encoded(Schema schema, byte[] json) {
        ConversionResult converted = JsonToAvro.convert(schema, json);
        return converted instanceof ConversionResult.Encoded encoded
                ? encoded.avro()
                : converted.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] avro(Schema schema, Object datum) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<Object>(schema).write(datum, encoder);
        encoder.flush();
        return out.toByteArray();
    }
}
