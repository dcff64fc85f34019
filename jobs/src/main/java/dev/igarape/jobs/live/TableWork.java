package dev.igarape.jobs.live;

import dev.igarape.jobs.failure.Failures;
import dev.igarape.jobs.lake.TableRun;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the service does for one table in each turn. */
interface TableWork extends AutoCloseable {
    /**
     * Does what there is to do, up to a limit; a call with nothing to do is cheap.
     *
     * @param now by the clock of all waits, which nobody sets
     * @param time the time of day, as {@link #currentUntil} tells it
     */
    Outcome take(Instant now, Instant time) throws IOException, InterruptedException;

    /** The moment of which all that the source had is in the table; empty until that was so. */
    Optional<Instant> currentUntil();

    /** Whether something is left for a later turn on purpose, as a landing's {@code commit} says. */
    default boolean isHeld() {
        return false;
    }

    /** Offsets of topics that are not landed yet; empty for a table that is not landed from Kafka. */
    Optional<Long> lag();

    @Override
    void close();

    /**
     * What was done.
     *
     * @param tried whether something was built, or tried to
     * @param failure of a part that waits to be tried again, while the rest goes on
     * @param more whether there is more to do at once
     */
    record Outcome(boolean tried, List<TableRun> runs, Optional<Failed> failure, boolean more) {}

    /**
     * A failure.
     *
     * @param retryAt when it is tried again at the latest, by the clock of all waits
     */
    record Failed(Failures.FailureReport report, Instant retryAt) {}
}
