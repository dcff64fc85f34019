package dev.igarape.jobs.ledger;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The steps of write, commit and publish, in order; a fault test can stop a job at each of them. */
public enum Step {
    /** A run has read its ledgers and is about to write. */
    PLANNED,
    /** All files of the commit stand in its folder; a table that is kept as a Delta table holds it already. */
    WRITTEN,
    /** The ledger entry is written under a temporary name. */
    PREPARED,
    /** The entry has its number: the commit is made. */
    COMMITTED,
    /** The publisher holds the lease. */
    LEASED,
    /** Existing partitions, and new ones of dates that had some, point at their new folders. */
    ALTERED,
    /** All other new partitions are added. */
    ADDED,
    /** The metastore shows the ledger's head. */
    PUBLISHED;

    /** The name in lower case, as {@link FaultPoint} takes it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** All names, in order. */
    static List<String> names() {
        return Stream.of(values()).map(Step::toString).toList();
    }

    /** Is told when a step is reached. */
    @FunctionalInterface
    public interface Listener {
        Listener NONE = step -> {};

        void reached(Step step);
    }
}
