package dev.igarape.jobs.landing.files.rows;

import dev.igarape.model.error.LakeException;
import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/**
 * An event as Azure Event Hubs Capture writes it.
 *
 * @param sequenceNumber its place in its partition, without gaps
 * @param systemProperties of the broker, as text; bytes in Base64
 * @param properties of the sender, likewise
 * @param body empty if it is null
 * @see <a href="https://learn.microsoft.com/azure/event-hubs/explore-captured-avro-files">Event Hubs: captured files</a>
 */
public record CapturedEvent(
        long sequenceNumber,
        String offset,
        Instant enqueued,
        Map<String, String> systemProperties,
        Map<String, String> properties,
        Optional<ByteBuffer> body) {
    private static final String SEQUENCE_NUMBER = "SequenceNumber";
    private static final List<String> FIELDS =
            List.of(SEQUENCE_NUMBER, "Offset", "EnqueuedTimeUtc", "SystemProperties", "Properties", "Body");
    private static final DateTimeFormatter US_TIME = new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .appendPattern("M/d/uuuu h:mm:ss a")
            .toFormatter(Locale.US);

    public CapturedEvent {
        systemProperties = Collections.unmodifiableMap(new TreeMap<>(systemProperties));
        properties = Collections.unmodifiableMap(new TreeMap<>(properties));
    }

    /** @throws LakeException (DEFINITION) if rows of this schema are no captured events */
    public static void requireEvents(Schema schema, String name) {
        boolean events = schema.getType() == Schema.Type.RECORD
                && FIELDS.stream().allMatch(field -> schema.getField(field) != null)
                && schema.getField(SEQUENCE_NUMBER).schema().getType() == Schema.Type.LONG
                && isBytes(schema.getField("Body").schema());
        if (!events) {
            throw DamagedFile.refused(
                    name + " is no capture of Event Hubs: its rows lack fields of EventData, which are "
                            + String.join(", ", FIELDS) + ". Move it away, or land such files without `envelope`.",
                    null);
        }
    }

    private static boolean isBytes(Schema schema) {
        return schema.getType() == Schema.Type.BYTES
                || schema.getType() == Schema.Type.UNION
                        && schema.getTypes().stream()
                                .allMatch(type ->
                                        type.getType() == Schema.Type.BYTES || type.getType() == Schema.Type.NULL);
    }

    /**
     * The sequence number of a row of such a schema.
     *
     * @throws LakeException (DEFINITION) if it is negative
     */
    public static long sequenceNumber(GenericRecord row) {
        long number = (Long) row.get(SEQUENCE_NUMBER);
        if (number < 0) {
            throw DamagedFile.refused(
                    "an event has the sequence number " + number + "; Event Hubs counts from 0. Move the file away, or"
                            + " land it without `envelope`.",
                    null);
        }
        return number;
    }

    /**
     * When the event of a row was enqueued.
     *
     * @throws DateTimeException if it does not say a time
     */
    public static Instant enqueued(GenericRecord row) {
        return time(String.valueOf(row.get("EnqueuedTimeUtc")).strip());
    }

    /** @throws DateTimeException if the time is none */
    public static CapturedEvent of(GenericRecord row) {
        return new CapturedEvent(
                sequenceNumber(row),
                String.valueOf(row.get("Offset")),
                enqueued(row),
                texts(row.get("SystemProperties")),
                texts(row.get("Properties")),
                Optional.ofNullable((ByteBuffer) row.get("Body")));
    }

    private static Instant time(String text) {
        return text.contains("/") ? LocalDateTime.parse(text, US_TIME).toInstant(ZoneOffset.UTC) : Instant.parse(text);
    }

    private static Map<String, String> texts(Object map) {
        Map<String, String> texts = new TreeMap<>();
        if (map instanceof Map<?, ?> entries) {
            entries.forEach((key, value) -> texts.put(key.toString(), text(value)));
        }
        return texts;
    }

    private static String text(Object value) {
        if (value instanceof ByteBuffer bytes) {
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            return Base64.getEncoder().encodeToString(copy);
        }
        return value == null ? null : value.toString();
    }
}
