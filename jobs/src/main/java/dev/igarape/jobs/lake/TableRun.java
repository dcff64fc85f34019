package dev.igarape.jobs.lake;

import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.model.TableName;
import dev.igarape.model.job.TableResult;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a run did to one table, or to one date of it.
 *
 * @param sequence the ledger's commit that now holds; 0 where there is none (views)
 * @param warnings what somebody should look at although the run has done its work: each a problem and its remedy
 */
public record TableRun(
        TableName table,
        Optional<LocalDate> date,
        Outcome outcome,
        long sequence,
        Balance balance,
        List<String> warnings) {
    public TableRun {
        warnings = List.copyOf(warnings);
    }

    /** A run that has nothing to warn of. */
    public TableRun(TableName table, Optional<LocalDate> date, Outcome outcome, long sequence, Balance balance) {
        this(table, date, outcome, sequence, balance, List.of());
    }

    /** A run that committed what is no date of its own. */
    public static TableRun committed(Commit commit, List<String> warnings) {
        return new TableRun(
                commit.table(), Optional.empty(), Outcome.COMMITTED, commit.sequence(), commit.balance(), warnings);
    }

    /** A run that found nothing new to commit to this state. */
    public static TableRun unchanged(TableName table, LedgerState state, Balance balance) {
        return new TableRun(table, Optional.empty(), Outcome.UNCHANGED, state.head(), balance);
    }

    /** The same run with these warnings. */
    public TableRun warning(List<String> told) {
        return new TableRun(table, date, outcome, sequence, balance, told);
    }

    /**
     * What a run did to each of these dates, all of which the table has by now.
     *
     * @param commit the run's own, if it made one
     */
    public static List<TableRun> ofDates(
            TableName table, List<LocalDate> dates, LedgerState state, Optional<Commit> commit) {
        List<TableRun> runs = new ArrayList<>();
        for (LocalDate date : dates) {
            LedgerState.Built built = state.builtOf(date).orElseThrow();
            boolean ours = commit.filter(c -> c.sequence() == built.sequence()).isPresent();
            runs.add(new TableRun(
                    table,
                    Optional.of(date),
                    ours ? Outcome.COMMITTED : Outcome.UNCHANGED,
                    built.sequence(),
                    built.build().balance()));
        }
        return runs;
    }

    /** What the jar prints about it. */
    public TableResult result() {
        return new TableResult(
                table,
                date,
                outcome.name().toLowerCase(Locale.ROOT),
                sequence,
                balance.read(),
                balance.written(),
                balance.quarantined(),
                balance.dropped(),
                balance.filtered(),
                warnings);
    }

    /** How it ended. */
    public enum Outcome {
        /** A new commit was made and published. */
        COMMITTED,
        /** Inputs and definition are those of the last build: nothing to do. */
        UNCHANGED
    }
}
