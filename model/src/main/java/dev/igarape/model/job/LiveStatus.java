package dev.igarape.model.job;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.igarape.model.TableName;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The status of a live service.
 *
 * @param runId names it in commits, leases and logs
 * @param ready whether every table has had its first turn
 * @param turns how often all tables have had their turn
 * @param step what it is at, if a table has its turn
 * @param runs those that were handed to it and are under way, the oldest first
 */
public record LiveStatus(
        String runId,
        long pid,
        Instant since,
        boolean ready,
        long everyMillis,
        long turns,
        Optional<StepStatus> step,
        List<TableStatus> tables,
        List<RunStatus> runs) {
    public LiveStatus {
        tables = List.copyOf(tables);
        runs = List.copyOf(runs);
    }

    /** The status of a service between steps that no runs were handed to. */
    public LiveStatus(
            String runId,
            long pid,
            Instant since,
            boolean ready,
            long everyMillis,
            long turns,
            List<TableStatus> tables) {
        this(runId, pid, since, ready, everyMillis, turns, Optional.empty(), tables, List.of());
    }

    /** The same at this step. */
    public LiveStatus at(StepStatus underWay) {
        return new LiveStatus(runId, pid, since, ready, everyMillis, turns, Optional.of(underWay), tables, runs);
    }

    /** The same with these runs. */
    public LiveStatus with(List<RunStatus> underWay) {
        return new LiveStatus(runId, pid, since, ready, everyMillis, turns, step, tables, underWay);
    }

    /**
     * A step that is under way.
     *
     * @param seconds for how long
     * @param hanging whether that is longer than a step of a healthy service takes
     */
    public record StepStatus(TableName table, long seconds, boolean hanging) {}

    /**
     * A run that was handed over.
     *
     * @param command its command line without the paths
     * @param cancelled whether its caller has gone away, so that it is to end
     */
    public record RunStatus(String command, Instant since, boolean cancelled) {}

    /** What a table does at the moment. */
    public enum State {
        IDLE,
        RUNNING,
        /** Something has come and is left for later: its {@code commit} says so, or it is of dates that are over. */
        WAITING,
        /** It waits after a failure. */
        BACKING_OFF;

        @JsonValue
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * The status of a table. Rows are those of the service's own commits.
     *
     * @param steps builds that committed something
     * @param rows what they have read, computed and written, and quarantined since the service began; rows that they kept as they
     *     stood do not count
     * @param lastMinute those written in the last 60 seconds
     * @param perSecond likewise, as an average over these 60 seconds or over the time since the start
     * @param stepMillis times of steps; empty before the first
     * @param lagOffsets of a landing from Kafka: offsets of the topics that are not in commits yet
     * @param ageSeconds every record that was in the source that long ago is visible in the table, unless the table leaves it out by its definition; empty
     *     until that was so for the first time
     * @param lastCommit the number of the table's last commit, by whomever; 0 where there is none
     * @param error the last failure; empty once the table has succeeded again
     */
    public record TableStatus(
            TableName table,
            State state,
            long steps,
            Rows rows,
            long lastMinute,
            double perSecond,
            Optional<StepMillis> stepMillis,
            Optional<Long> lagOffsets,
            Optional<Double> ageSeconds,
            long lastCommit,
            Optional<Instant> lastCommitAt,
            Optional<Failure> error) {}

    /** Numbers of rows. */
    public record Rows(long read, long written, long quarantined) {
        public static final Rows NONE = new Rows(0, 0, 0);
    }

    /**
     * Times of steps in milliseconds: of the last one, and percentiles of the last minutes; percentiles are 0 where there
     * was none lately.
     */
    public record StepMillis(double last, double p50, double p99) {}

    /**
     * A failure.
     *
     * @param message problem, cause and remedy
     * @param retryAt when it is tried again at the latest
     */
    public record Failure(String message, int exitCode, Instant at, Instant retryAt) {}
}
