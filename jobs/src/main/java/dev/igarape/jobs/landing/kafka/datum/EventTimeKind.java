package dev.igarape.jobs.landing.kafka.datum;

/** Kind of a datum's event time. */
public enum EventTimeKind {
    /** The writer schema has no such field, or it is null. */
    ABSENT,
    /** An instant in milliseconds since the epoch. */
    INSTANT,
    /** A day without a time zone, in days since the epoch. */
    LOCAL_DAY,
    /** A time without a time zone, in milliseconds since 1970-01-01T00:00 of the same clock. */
    LOCAL_TIME,
    /** The field is present but does not contain a valid time. */
    UNREADABLE
}
