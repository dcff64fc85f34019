package dev.igarape.jobs.landing.kafka.output;

import dev.igarape.jobs.avro.AvroCodec;
import dev.igarape.model.targets.LandingLimits;
import java.io.Serializable;
import java.time.ZoneId;
import java.util.Optional;

/**
 * How a topic is landed.
 *
 * @param format of the values
 * @param eventTime top-level field of the value that dates a row; empty text: the Kafka timestamp
 * @param dropTombstones whether records without a value are left out; otherwise they go to quarantine
 * @param timezone where a day begins
 * @param codec of the Avro files
 * @param bounds what a task may take; says what its memory is bounded by
 */
public record LandingOptions(
        ValueFormat format,
        String eventTime,
        boolean dropTombstones,
        ZoneId timezone,
        AvroCodec codec,
        LandingLimits bounds)
        implements Serializable {
    /** With the codec that the lake's Avro files have, zstd; tombstones go to quarantine. */
    public static LandingOptions of(
            ValueFormat format, Optional<String> eventTime, ZoneId timezone, LandingLimits bounds) {
        return new LandingOptions(format, eventTime.orElse(""), false, timezone, AvroCodec.zstandard(3), bounds);
    }

    /** The same, but for records without a value, which are left out. */
    public LandingOptions droppingTombstones() {
        return new LandingOptions(format, eventTime, true, timezone, codec, bounds);
    }

    /** The field that dates a row. */
    public Optional<String> eventTimeField() {
        return eventTime.isEmpty() ? Optional.empty() : Optional.of(eventTime);
    }
}
