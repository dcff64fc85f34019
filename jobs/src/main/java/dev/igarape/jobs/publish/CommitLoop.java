package dev.igarape.jobs.publish;

import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.CommitResult;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.util.Optional;

/**
 * Optimistic concurrency for commits to one table: read the ledger, write on that state, commit, publish. Where the commit
 * of another run came first and touches the same, the attempt starts anew on the state that it left.
 */
public final class CommitLoop {
    private static final int ATTEMPTS = 5;

    private final Table table;
    private final Ledger ledger;
    private final Publishing publisher;
    private final Step.Listener steps;

    public CommitLoop(Table table, Ledger ledger, Publishing publisher, Step.Listener steps) {
        this.table = table;
        this.ledger = ledger;
        this.publisher = publisher;
        this.steps = steps;
    }

    /**
     * The job's part of an attempt: decides what is due in a state of the ledger, reports {@link Step#PLANNED}, writes
     * files and says what is to be committed.
     */
    @FunctionalInterface
    public interface Job<R> {
        Attempt<R> attempt(LedgerState state) throws IOException, InterruptedException;
    }

    /** Makes the loop's result of a commit. */
    @FunctionalInterface
    public interface OnCommit<R> {
        R result(Commit commit) throws IOException, InterruptedException;
    }

    /** Makes the loop's result where there was nothing to commit. */
    @FunctionalInterface
    public interface OnUnchanged<R> {
        R result() throws IOException, InterruptedException;
    }

    /** What an attempt came to. */
    public sealed interface Attempt<R> {
        /** The result; empty if another run's commit came first. */
        Optional<R> finish(CommitLoop loop, LedgerState state) throws IOException, InterruptedException;
    }

    /** All files are written and may be committed; the result is asked for once the commit is published. */
    public record Draft<R>(Commit commit, OnCommit<R> then) implements Attempt<R> {
        @Override
        public Optional<R> finish(CommitLoop loop, LedgerState state) throws IOException, InterruptedException {
            loop.steps.reached(Step.WRITTEN);
            return loop.published(loop.ledger.commit(commit, state), then);
        }
    }

    /** Likewise, for files whose rows any other commit may hold, too: it is made right after its state or not at all. */
    public record NextDraft<R>(Commit commit, OnCommit<R> then) implements Attempt<R> {
        @Override
        public Optional<R> finish(CommitLoop loop, LedgerState state) throws IOException, InterruptedException {
            loop.steps.reached(Step.WRITTEN);
            return loop.published(loop.ledger.commitNext(commit, state), then);
        }
    }

    /**
     * There is nothing to commit. The ledger's head is published all the same, since a run may have died between commit
     * and publish; then the result is asked for.
     */
    public record Unchanged<R>(OnUnchanged<R> then) implements Attempt<R> {
        @Override
        public Optional<R> finish(CommitLoop loop, LedgerState state) throws IOException, InterruptedException {
            loop.publisher.publish(loop.table, loop.ledger);
            return Optional.of(then.result());
        }
    }

    /** Another run came first, which only the job could see. */
    public record Overtaken<R>() implements Attempt<R> {
        @Override
        public Optional<R> finish(CommitLoop loop, LedgerState state) {
            return Optional.empty();
        }
    }

    /** Nothing is to be committed or published, as in a dry run. */
    public record Stopped<R>(R result) implements Attempt<R> {
        @Override
        public Optional<R> finish(CommitLoop loop, LedgerState state) {
            return Optional.of(result);
        }
    }

    private <R> Optional<R> published(CommitResult result, OnCommit<R> then) throws IOException, InterruptedException {
        if (result instanceof CommitResult.Committed committed) {
            publisher.publish(table, ledger);
            return Optional.of(then.result(committed.commit()));
        }
        return Optional.empty();
    }

    /**
     * Runs a job on the ledger as it is now.
     *
     * @param goal what the job is about to do, as in "Cannot compact raw.orders"
     * @param conflict what other runs did if it gives up, as in "built the same dates"
     * @throws LakeException (UNAVAILABLE) if other runs came first in every attempt
     */
    public <R> R run(String goal, String conflict, Job<R> job) throws IOException, InterruptedException {
        return run(goal, conflict, ledger.read(), job);
    }

    /** Likewise; the first attempt is made on a state that was read before. */
    public <R> R run(String goal, String conflict, LedgerState first, Job<R> job)
            throws IOException, InterruptedException {
        LedgerState state = first;
        for (int attempt = 1; ; attempt++) {
            Optional<R> result = job.attempt(state).finish(this, state);
            if (result.isPresent()) {
                return result.get();
            }
            if (attempt == ATTEMPTS) {
                throw new LakeException(
                        ExitCode.UNAVAILABLE,
                        "Cannot " + goal + ": other runs " + conflict + " " + ATTEMPTS
                                + " times while this one was at work. Run again when they have ended.");
            }
            state = ledger.read();
        }
    }
}
