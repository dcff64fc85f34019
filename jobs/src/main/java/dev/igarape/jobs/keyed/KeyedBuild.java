package dev.igarape.jobs.keyed;

import dev.igarape.jobs.daily.DailyInputs;
import dev.igarape.jobs.daily.DueDates;
import dev.igarape.jobs.daily.QueryFailure;
import dev.igarape.jobs.input.SnapshotInput;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds a table with keys: takes what is new to the dates that are due, and changes the rows of the keys that it touches.
 *
 * <p>Inputs that only grow are folded in. Where rows of inputs are gone, the definition has changed, or an input without dates that
 * it joins has other rows, all dates are read again; in the last case for the keys that are touched, where these can be told.
 */
final class KeyedBuild {
    private static final Logger LOG = LoggerFactory.getLogger(KeyedBuild.class);

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
            RowsTakenBack takenBack = new RowsTakenBack(lake, table, inputs, this::session);
            boolean all = again || isOfAnotherDefinition(state) || takenBack.areSome(stale);
            boolean moved = freshness.haveSnapshotsMoved();
            if (all || moved) {
                // Rows that are gone, that have changed, or that another definition has made, may stand for any date.
                for (LocalDate date : state.builtDates()) {
                    stale.put(date, freshness.of(date));
                }
                dueDates.requireKept(freshness, stale.keySet());
            }
            if (all || state.delta().isEmpty()) {
                ConnectorSchemas.requireFit(lake, table);
            }
            ledger.keepDefinition(table.definitionHash(), DefinitionText.of(table));
            KeyedStep.Reads reads = KeyedStep.Reads.NEW;
            if (all || moved && takenBack.areSome(stale)) {
                reads = KeyedStep.Reads.ALL;
            } else if (moved) {
                reads = KeyedStep.Reads.TOUCHED;
            }
            return attempt(ledger, state, inputs, new Dates(stale, Set.copyOf(due), dates), reads);
        });
    }

    /** Whether the table holds rows that another definition has made. */
    private boolean isOfAnotherDefinition(LedgerState state) {
        return state.hasOtherDefinitionThan(table.definitionHash());
    }

    /**
     * Dates of a step.
     *
     * @param read those that it reads, and how they stand
     * @param due those that are to be built
     * @param asked those to tell of
     */
    private record Dates(TreeMap<LocalDate, Staleness> read, Set<LocalDate> due, List<LocalDate> asked) {}

    private CommitLoop.Attempt<List<TableRun>> attempt(
            Ledger ledger, LedgerState state, DailyInputs inputs, Dates dates, KeyedStep.Reads reads)
            throws IOException, InterruptedException {
        SparkSession session = session();
        LocalDate last = dates.read().lastKey();
        try {
            Optional<KeyedStep.Result> result = step(session, state, inputs, dates, reads);
            if (result.isEmpty()) {
                return new CommitLoop.Overtaken<>();
            }
            return new CommitLoop.Draft<>(
                    result.get().commit(),
                    commit -> TableRun.ofDates(table.name(), dates.asked(), ledger.read(), Optional.of(commit)).stream()
                            .map(run -> run.warning(result.get().warnings()))
                            .toList());
        } catch (IOException | InterruptedException e) {
            throw e;
        } catch (Exception | VirtualMachineError e) {
            // Scala does not declare its exceptions.
            throw new QueryFailure(table, last, () -> inputs.rows(session, last, inputs.commitsOf(last))).explain(e);
        }
    }

    /** By Delta's words for files that are gone, a feed that was off for some versions, a log that was cut, and other columns. */
    private static boolean lacksFeed(SparkSession session, Exception failure) {
        return SnapshotInput.isGone(failure)
                || failure instanceof AnalysisException
                || failure instanceof UnsupportedOperationException
                || (failure instanceof IllegalStateException
                        && !session.sparkContext().isStopped());
    }

    private Optional<KeyedStep.Result> step(
            SparkSession session, LedgerState state, DailyInputs inputs, Dates dates, KeyedStep.Reads reads)
            throws IOException, InterruptedException {
        try {
            return new KeyedStep(lake, session, table, inputs, state, reads, files).run(dates.read(), dates.due());
        } catch (Exception e) {
            // Scala does not declare its exceptions.
            if (reads != KeyedStep.Reads.TOUCHED || !lacksFeed(session, e)) {
                throw e;
            }
            LOG.info(
                    "{}: changes of what it joins can't be read, so all of it is computed again: {}",
                    table.name(),
                    e.toString());
            return new KeyedStep(lake, session, table, inputs, state, KeyedStep.Reads.ALL, files)
                    .run(dates.read(), dates.due());
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
