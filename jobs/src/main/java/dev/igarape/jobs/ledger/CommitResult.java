package dev.igarape.jobs.ledger;

/** What became of an attempt to commit. */
public sealed interface CommitResult {
    /** The entry stands in the ledger, with its sequence number. */
    record Committed(Commit commit) implements CommitResult {}

    /**
     * Another run's entry, which came first, touches the same dates or offsets. Nothing of ours was recorded: read the
     * ledger again and start from there.
     */
    record Overtaken(Commit winner) implements CommitResult {}
}
