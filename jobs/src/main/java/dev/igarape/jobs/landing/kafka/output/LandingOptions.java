package dev.igarape.jobs.landing.kafka.output;

import dev.igarape.jobs.avro.AvroCodec;
import dev.igarape.model.targets.LandingLimits;
import java.io.Serializable;
import java.time.ZoneId;
import java.util.Optional;

/**
 * Options for landing a topic.
 *
 * @param format of the values
 * @param eventTime top-level field of the value with a row's event time; empty text: the Kafka timestamp
 * @param dropTombstones whether records without a value are dropped; otherwise they are quarantined
 * @param timezone in which a day begins
 * @param codec of the Avro files
 * @param bounds limits on a task's resources
 */
public record LandingOptions(
        ValueFormat format,
        String eventTime,
        boolean dropTombstones,
        ZoneId timezone,
        AvroCodec codec,
        LandingLimits bounds)
        implements Serializable {
    /** Options with zstd, the codec of the lake's Avro files; tombstones are quarantined. */
    public static LandingOptions of(
            ValueFormat format, Optional<String> eventTime, ZoneId timezone, LandingLimits bounds) {
        return new LandingOptions(format, eventTime.orElse(""), false, timezone, AvroCodec.zstandard(3), bounds);
    }

    /** The same options, but records without a value are dropped. */
    public LandingOptions droppingTombstones() {
        return new LandingOptions(format, eventTime, true, timezone, codec, bounds);
    }

    /** The field with a row's event time. */
    public Optional<String> eventTimeField() {
        return eventTime.isEmpty() ? Optional.empty() : Optional.of(eventTime);
    }
}
