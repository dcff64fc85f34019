package dev.igarape.jobs.landing.kafka.output;

import java.util.Locale;

/** Why a record is quarantined. */
public enum RecordRule {
    /** It is a tombstone: it has no value. */
    NULL_VALUE,
    /** It is shorter than the header of Confluent's wire format. */
    SHORT_MESSAGE,
    /** It does not start with the wire format's magic byte. */
    BAD_MAGIC,
    /** The registry has no schema with its id. */
    UNKNOWN_SCHEMA_ID,
    /** The schema with its id can't be parsed: it is not Avro, or has references that the registry lacks. */
    UNUSABLE_SCHEMA,
    /** Its bytes are not a valid datum of its writer schema. */
    UNDECODABLE,
    /** It is not one complete JSON text. */
    NOT_JSON,
    /** Its event time is not a valid time. */
    EVENT_TIME_INVALID,
    /** Its date is before 1970 or after 9999. */
    EVENT_TIME_OUT_OF_RANGE;

    /** The name in the column {@code rule}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
