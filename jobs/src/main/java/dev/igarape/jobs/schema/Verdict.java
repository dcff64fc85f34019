package dev.igarape.jobs.schema;

/**
 * What one part of the lake says to a new schema.
 *
 * @param engine {@code registry}, {@code landing}, {@code spark}, {@code hive} or {@code trino}
 * @param reason why not; empty where it is fine
 */
public record Verdict(String engine, boolean ok, String reason) {
    static Verdict fine(String engine) {
        return new Verdict(engine, true, "");
    }

    static Verdict refused(String engine, String reason) {
        return new Verdict(engine, false, reason);
    }
}
