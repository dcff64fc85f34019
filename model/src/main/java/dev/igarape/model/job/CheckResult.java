package dev.igarape.model.job;

/**
 * The answer of one engine to a new schema.
 *
 * @param engine {@code registry}, {@code landing}, {@code spark}, {@code hive} or {@code trino}
 * @param ok whether the engine could write or read with it
 * @param reason why not; empty where it could
 */
public record CheckResult(String engine, boolean ok, String reason) {
    public static CheckResult accepted(String engine) {
        return new CheckResult(engine, true, "");
    }

    public static CheckResult rejected(String engine, String reason) {
        return new CheckResult(engine, false, reason);
    }
}
