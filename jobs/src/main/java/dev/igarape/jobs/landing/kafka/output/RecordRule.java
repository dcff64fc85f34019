package dev.igarape.jobs.landing.kafka.output;

import java.util.Locale;

/** Why a record goes to quarantine instead of the table. */
public enum RecordRule {
    /** It has no value: a tombstone. */
    NULL_VALUE,
    /** It is shorter than the header of Confluent's wire format. */
    SHORT_MESSAGE,
    /** It does not start with that format's magic byte. */
    BAD_MAGIC,
    /** The registry has no schema of its id. */
    UNKNOWN_SCHEMA_ID,
    /** The registry's schema of its id can't be read: it is not Avro, or refers to what the registry does not have. */
    UNUSABLE_SCHEMA,
    /** Its bytes are not one whole datum of its writer schema. */
    UNDECODABLE,
    /** It is not one whole JSON text. */
    NOT_JSON,
    /** Its event time can't be read as a time. */
    EVENT_TIME_INVALID,
    /** Its date is before 1970 or after 9999. */
    EVENT_TIME_OUT_OF_RANGE;

    /** The name as it stands in the column {@code rule}. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
