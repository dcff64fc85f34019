package dev.igarape.wire.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import dev.igarape.wire.avro.BoundsCheckingDecoder;
import java.io.IOException;
import java.io.StringWriter;
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
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.io.Decoder;
import org.apache.kafka.common.errors.SerializationException;

/**
 * A converter of Avro data to readable JSON: dates and times in ISO 8601, decimals as numbers, bytes as one character
 * each, unions bare unless they have several branches beside null. {@link JsonToAvro} reads all of it back, except NaN
 * and the infinities, which are written as strings.
 */
public final class AvroToJson {
    private static final int MAX_DEPTH = 1000;

    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    private final Decoder decoder;
    private final JsonGenerator json;
    private int depth;

    private AvroToJson(Decoder decoder, JsonGenerator json) {
        this.decoder = decoder;
        this.json = json;
    }

    /** @throws SerializationException if the bytes are not one whole datum of the schema */
    public static String toJson(Schema schema, byte[] datum) {
        return toJson(schema, datum, 0, datum.length);
    }

    /** The same for a datum inside of a message, such as one after its header. */
    public static String toJson(Schema schema, byte[] bytes, int offset, int length) {
        BoundsCheckingDecoder decoder = new BoundsCheckingDecoder(bytes, offset, length);
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            new AvroToJson(decoder, json).write(schema);
            decoder.requireEnd();
        } catch (IOException | RuntimeException | StackOverflowError e) {
            throw new SerializationException("The bytes are no datum of " + schema.getFullName() + ": " + e, e);
        }
        return text.toString();
    }

    private void write(Schema schema) throws IOException {
        if (++depth > MAX_DEPTH) {
            throw new IOException("it is more than " + MAX_DEPTH + " levels deep");
        }
        if (schema.getLogicalType() == null || !writeLogical(schema, schema.getLogicalType())) {
            writePhysical(schema);
        }
        depth--;
    }

    private boolean writeLogical(Schema schema, LogicalType type) throws IOException {
        if (type instanceof LogicalTypes.Decimal decimal) {
            json.writeNumber(new BigDecimal(new BigInteger(bytes(schema)), decimal.getScale()));
            return true;
        }
        switch (type.getName()) {
            case "date":
                json.writeString(LocalDate.ofEpochDay(decoder.readInt()).toString());
                return true;
            case "time-millis":
                writeTime(decoder.readInt(), 1_000_000);
                return true;
            case "time-micros":
                writeTime(decoder.readLong(), 1_000);
                return true;
            case "timestamp-millis":
                json.writeString(instant(ChronoUnit.MILLIS).toString());
                return true;
            case "timestamp-micros":
                json.writeString(instant(ChronoUnit.MICROS).toString());
                return true;
            case "local-timestamp-millis":
                json.writeString(LocalDateTime.ofInstant(instant(ChronoUnit.MILLIS), ZoneOffset.UTC)
                        .toString());
                return true;
            case "local-timestamp-micros":
                json.writeString(LocalDateTime.ofInstant(instant(ChronoUnit.MICROS), ZoneOffset.UTC)
                        .toString());
                return true;
            default:
                return false;
        }
    }

    private void writeTime(long units, long nanosPerUnit) throws IOException {
        if (units >= 0 && units <= LocalTime.MAX.toNanoOfDay() / nanosPerUnit) {
            json.writeString(LocalTime.ofNanoOfDay(units * nanosPerUnit).toString());
        } else {
            json.writeNumber(units);
        }
    }

    private Instant instant(ChronoUnit unit) throws IOException {
        return Instant.EPOCH.plus(decoder.readLong(), unit);
    }

    private void writePhysical(Schema schema) throws IOException {
        switch (schema.getType()) {
            case NULL:
                json.writeNull();
                break;
            case BOOLEAN:
                json.writeBoolean(decoder.readBoolean());
                break;
            case INT:
                json.writeNumber(decoder.readInt());
                break;
            case LONG:
                json.writeNumber(decoder.readLong());
                break;
            case FLOAT:
                json.writeNumber(decoder.readFloat());
                break;
            case DOUBLE:
                json.writeNumber(decoder.readDouble());
                break;
            case STRING:
                json.writeString(decoder.readString());
                break;
            case BYTES:
            case FIXED:
                json.writeString(new String(bytes(schema), StandardCharsets.ISO_8859_1));
                break;
            case ENUM:
                json.writeString(schema.getEnumSymbols().get(decoder.readEnum()));
                break;
            case RECORD:
                json.writeStartObject();
                for (Schema.Field field : schema.getFields()) {
                    json.writeFieldName(field.name());
                    write(field.schema());
                }
                json.writeEndObject();
                break;
            case ARRAY:
                json.writeStartArray();
                for (long n = decoder.readArrayStart(); n > 0; n = decoder.arrayNext()) {
                    for (long i = 0; i < n; i++) {
                        write(schema.getElementType());
                    }
                }
                json.writeEndArray();
                break;
            case MAP:
                json.writeStartObject();
                for (long n = decoder.readMapStart(); n > 0; n = decoder.mapNext()) {
                    for (long i = 0; i < n; i++) {
                        json.writeFieldName(decoder.readString());
                        write(schema.getValueType());
                    }
                }
                json.writeEndObject();
                break;
            case UNION:
                writeUnion(schema);
                break;
        }
    }

    private void writeUnion(Schema schema) throws IOException {
        Schema branch = schema.getTypes().get(decoder.readIndex());
        long others = schema.getTypes().stream()
                .filter(type -> type.getType() != Schema.Type.NULL)
                .count();
        if (branch.getType() == Schema.Type.NULL || others == 1) {
            write(branch);
            return;
        }
        json.writeStartObject();
        json.writeFieldName(branch.getFullName());
        write(branch);
        json.writeEndObject();
    }

    private byte[] bytes(Schema schema) throws IOException {
        if (schema.getType() == Schema.Type.FIXED) {
            byte[] fixed = new byte[schema.getFixedSize()];
            decoder.readFixed(fixed);
            return fixed;
        }
        ByteBuffer buffer = decoder.readBytes(null);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
