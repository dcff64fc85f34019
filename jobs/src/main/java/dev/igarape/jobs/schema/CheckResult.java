package dev.igarape.jobs.schema;

/**
 * Whether one part of the lake accepts a new schema.
 *
 * @param engine {@code registry}, {@code landing}, {@code spark}, {@code hive} or {@code trino}
 * @param reason why it does not; empty if it does
 */
public record CheckResult(String engine, boolean ok, String reason) {
    static CheckResult accepted(String engine) {
        return new CheckResult(engine, true, "");
    }

    static CheckResult rejected(String engine, String reason) {
        return new CheckResult(engine, false, reason);
    }
}
