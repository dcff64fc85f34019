package dev.igarape.jobs.landing;

import java.io.Serializable;
import java.time.Duration;
import java.time.ZoneId;
import java.util.Optional;

/**
 * How a topic is landed. The memory of one task is bounded by {@code fetchBytes} times the producers' compression
 * ratio, plus {@code openFiles} times about 1.5 {@code blockBytes} and the file system's buffers, plus
 * {@code waitingBytes}, plus a few times the largest record.
 *
 * @param format of the values
 * @param eventTime top-level field of the value that dates a row; empty text: the Kafka timestamp
 * @param timezone where a day begins
 * @param codec of the Avro files
 * @param blockBytes bytes of an Avro block before compression
 * @param fileBytes about how large a file grows before the next one is begun
 * @param openFiles how many files a task writes at once; 1 or more
 * @param waitingBytes how many bytes of rows wait in memory for a file, when rows of more dates or schemas come than
 *     {@code openFiles} lets in
 * @param fetchBytes how much a consumer asks of the broker at once
 * @param pollRecords how many records a consumer hands over at once
 * @param stall how long a consumer may stay where it is before the task gives up
 */
public record LandingOptions(
        ValueFormat format,
        String eventTime,
        ZoneId timezone,
        AvroCodec codec,
        int blockBytes,
        long fileBytes,
        int openFiles,
        int waitingBytes,
        int fetchBytes,
        int pollRecords,
        Duration stall)
        implements Serializable {
    public LandingOptions {
        if (blockBytes < 1024 || fileBytes < 1 || openFiles < 1 || waitingBytes < 0 || fetchBytes < 1024) {
            throw new IllegalArgumentException("too small: blocks of " + blockBytes + " bytes, files of " + fileBytes
                    + ", " + openFiles + " open files, " + waitingBytes + " waiting bytes, fetches of " + fetchBytes);
        }
        if (pollRecords < 1 || stall.isNegative() || stall.isZero()) {
            throw new IllegalArgumentException("too small: polls of " + pollRecords + " records, stalls of " + stall);
        }
    }

    /** The usual sizes, for Avro: zstd, blocks of 256 KiB, files of 256 MiB. */
    public static LandingOptions standard(Optional<String> eventTime, ZoneId timezone) {
        return new LandingOptions(
                ValueFormat.AVRO,
                eventTime.orElse(""),
                timezone,
                AvroCodec.zstandard(3),
                256 << 10,
                256L << 20,
                32,
                64 << 20,
                8 << 20,
                2_000,
                Duration.ofMinutes(1));
    }

    /** The field that dates a row. */
    public Optional<String> eventTimeField() {
        return eventTime.isEmpty() ? Optional.empty() : Optional.of(eventTime);
    }

    public LandingOptions withFormat(ValueFormat other) {
        return new LandingOptions(
                other,
                eventTime,
                timezone,
                codec,
                blockBytes,
                fileBytes,
                openFiles,
                waitingBytes,
                fetchBytes,
                pollRecords,
                stall);
    }

    public LandingOptions withCodec(AvroCodec other) {
        return new LandingOptions(
                format,
                eventTime,
                timezone,
                other,
                blockBytes,
                fileBytes,
                openFiles,
                waitingBytes,
                fetchBytes,
                pollRecords,
                stall);
    }

    /** With other amounts that a consumer asks of the broker and hands over at once. */
    public LandingOptions withFetch(int bytes, int records) {
        return new LandingOptions(
                format,
                eventTime,
                timezone,
                codec,
                blockBytes,
                fileBytes,
                openFiles,
                waitingBytes,
                bytes,
                records,
                stall);
    }

    /** With another time that a consumer may stay where it is. */
    public LandingOptions withStall(Duration other) {
        return new LandingOptions(
                format,
                eventTime,
                timezone,
                codec,
                blockBytes,
                fileBytes,
                openFiles,
                waitingBytes,
                fetchBytes,
                pollRecords,
                other);
    }
}
