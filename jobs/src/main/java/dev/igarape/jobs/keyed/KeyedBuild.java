package dev.igarape.jobs.keyed;

import dev.igarape.jobs.daily.DailyInputs;
import dev.igarape.jobs.daily.DueDates;
import dev.igarape.jobs.daily.QueryFailure;
import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.plan.DefinitionText;
import dev.igarape.jobs.plan.Freshness;
import dev.igarape.jobs.plan.Freshness.Staleness;
import dev.igarape.jobs.publish.CommitLoop;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.model.Table;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;

/**
 * Builds a table with keys: takes what is new to the dates that are due, and changes the rows of the keys that it touches.
 *
 * <p>Inputs that only grow are folded in. Where input commits are gone, the definition has changed, or an input without dates that
 * it joins has other rows, all dates are read again.
 */
final class KeyedBuild {
    /** Dates of one commit, so that a plan over all of them stays small. */
    static final int MOST_DATES = 31;

    private final Lake lake;
    private final Publishing publisher;
    private final Supplier<SparkSession> spark;
    private final Table table;
    private final KnownFiles files;

    /**
     * @param spark asked only if something must be built
     * @param files of the process
     */
    KeyedBuild(Lake lake, Publishing publisher, Supplier<SparkSession> spark, Table table, KnownFiles files) {
        this.lake = lake;
        this.publisher = publisher;
        this.spark = spark;
        this.table = table;
        this.files = files;
    }

    /**
     * Builds and publishes these dates.
     *
     * @throws dev.igarape.model.error.LakeException NO_INPUT if an input lacks a date or rows of it have expired, DEFINITION if
     *     SQL and inputs do not fit, EXPECTATION if one with {@code on_fail: fail} failed; then nothing is committed
     */
    List<TableRun> run(List<LocalDate> dates, BuildOverrides overrides) throws IOException, InterruptedException {
        List<TableRun> runs = new ArrayList<>();
        for (int first = 0; first < dates.size(); first += MOST_DATES) {
            runs.addAll(runSome(dates.subList(first, Math.min(dates.size(), first + MOST_DATES)), overrides, false));
        }
        return runs;
    }

    /**
     * Computes the table again from all its dates, also those that are up to date.
     *
     * @param dates those to tell of
     * @throws dev.igarape.model.error.LakeException as {@link #run}
     */
    List<TableRun> again(List<LocalDate> dates) throws IOException, InterruptedException {
        return runSome(dates, BuildOverrides.NOTHING, true);
    }

    private List<TableRun> runSome(List<LocalDate> dates, BuildOverrides overrides, boolean again)
            throws IOException, InterruptedException {
        Ledger ledger = lake.ledger(table.name());
        CommitLoop loop = new CommitLoop(table, ledger, publisher, lake.steps());
        return loop.run("commit to " + table.name(), "built the same dates", state -> {
            if (new DeltaSteps(lake, table).record(ledger, state)) {
                return new CommitLoop.Overtaken<>();
            }
            DailyInputs inputs = DailyInputs.read(lake, table);
            Freshness freshness = inputs.freshness(state);
            DueDates dueDates = new DueDates(lake, table, inputs, overrides);
            List<LocalDate> due = dueDates.of(freshness, dates);
            lake.steps().reached(Step.PLANNED);
            if (due.isEmpty() && !again) {
                return new CommitLoop.Unchanged<>(
                        () -> TableRun.ofDates(table.name(), dates, ledger.read(), Optional.empty()));
            }
            TreeMap<LocalDate, Staleness> stale = new TreeMap<>();
            for (LocalDate date : due) {
                stale.put(date, freshness.of(date));
            }
            // Those that have expired stay in the table.
            boolean takenBack =
                    stale.values().stream().anyMatch(date -> !date.gone().isEmpty());
            boolean whole = again || takenBack || isOfAnotherDefinition(state) || freshness.haveSnapshotsMoved();
            if (whole) {
                // Rows that are gone, that have changed, or that another definition has made, may stand for any date.
                for (LocalDate date : state.builtDates()) {
                    stale.put(date, freshness.of(date));
                }
                dueDates.requireKept(freshness, stale.keySet());
            }
            if (whole || state.delta().isEmpty()) {
                ConnectorSchemas.requireFit(lake, table);
            }
            ledger.keepDefinition(table.definitionHash(), DefinitionText.of(table));
            return attempt(ledger, state, inputs, stale, whole, dates);
        });
    }

    /** Whether the table holds rows that another definition has made. */
    private boolean isOfAnotherDefinition(LedgerState state) {
        return state.hasOtherDefinitionThan(table.definitionHash());
    }

    private CommitLoop.Attempt<List<TableRun>> attempt(
            Ledger ledger,
            LedgerState state,
            DailyInputs inputs,
            TreeMap<LocalDate, Staleness> stale,
            boolean whole,
            List<LocalDate> asked)
            throws IOException, InterruptedException {
        SparkSession session = session();
        LocalDate last = stale.lastKey();
        try {
            KeyedStep step = new KeyedStep(lake, session, table, inputs, state, whole, files);
            Optional<KeyedStep.Result> result = step.run(stale);
            if (result.isEmpty()) {
                return new CommitLoop.Overtaken<>();
            }
            return new CommitLoop.Draft<>(
                    result.get().commit(),
                    commit -> TableRun.ofDates(table.name(), asked, ledger.read(), Optional.of(commit)).stream()
                            .map(run -> run.warning(result.get().warnings()))
                            .toList());
        } catch (IOException | InterruptedException e) {
            throw e;
        } catch (Exception | VirtualMachineError e) {
            // Scala does not declare its exceptions.
            throw new QueryFailure(table, last, () -> inputs.rows(session, last, inputs.commitsOf(last))).explain(e);
        }
    }

    private SparkSession session() {
        SparkSession session = spark.get().newSession();
        session.conf().set("spark.sql.session.timeZone", lake.timezone(table).getId());
        // Above this number of folders Spark lists them in a job of its own, which takes longer for small ones.
        session.conf().set("spark.sql.sources.parallelPartitionDiscovery.threshold", "512");
        session.conf().set("spark.sql.ui.explainMode", "simple");
        // Spark would compile a query anew for the numbers that each step looks for.
        session.conf().set("spark.sql.optimizer.inSetSwitchThreshold", "0");
        return session;
    }
}
