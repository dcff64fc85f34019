package dev.igarape.jobs.kind;

/**
 * Options of a run besides tables and dates; a kind takes those that concern it.
 *
 * @param refetch replace rows that a source gave for these dates before
 * @param acceptGap go on where Kafka has lost records, or captures lack events
 * @param overrides what is built although it may lack rows
 */
public record RunOptions(boolean refetch, boolean acceptGap, BuildOverrides overrides) {
    public static final RunOptions NONE = new RunOptions(false, false, BuildOverrides.NOTHING);

    /** Nothing but these overrides. */
    public static RunOptions overriding(BuildOverrides overrides) {
        return new RunOptions(false, false, overrides);
    }
}
