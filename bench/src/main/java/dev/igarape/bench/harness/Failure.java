package dev.igarape.bench.harness;

/**
 * Why one that was measured was left out.
 *
 * @param when it failed: a round, or the setup
 * @param reason on one line
 */
public record Failure(String when, String reason) {
    /** Of an exception the first line, since messages may hold whole stack traces. */
    static Failure of(String when, Exception thrown) {
        return new Failure(
                when, thrown.toString().lines().findFirst().orElse("").strip());
    }

    @Override
    public String toString() {
        return "failed in " + when + ": " + reason;
    }
}
