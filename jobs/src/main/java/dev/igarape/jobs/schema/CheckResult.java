package dev.igarape.jobs.schema;

/**
 * What one part of the lake says to a new schema.
 *
 * @param engine {@code registry}, {@code landing}, {@code spark}, {@code hive} or {@code trino}
 * @param reason why not; empty where it is fine
 */
public record CheckResult(String engine, boolean ok, String reason) {
    static CheckResult fine(String engine) {
        return new CheckResult(engine, true, "");
    }

    static CheckResult refused(String engine, String reason) {
        return new CheckResult(engine, false, reason);
    }
}
