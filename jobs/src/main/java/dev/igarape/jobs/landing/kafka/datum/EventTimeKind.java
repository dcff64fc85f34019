package dev.igarape.jobs.landing.kafka.datum;

/** What the event time field of the datum last walked over holds. */
public enum EventTimeKind {
    /** No such field in the writer schema, or it is null. */
    ABSENT,
    /** A moment: the value is milliseconds since the epoch. */
    INSTANT,
    /** A day without a time zone: the value is days since the epoch. */
    LOCAL_DAY,
    /** The field is there, but no time can be read from it. */
    UNREADABLE
}
