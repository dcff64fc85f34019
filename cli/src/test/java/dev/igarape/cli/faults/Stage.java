package dev.igarape.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.cli.e2e.LakeCommand;
import java.io.IOException;
import java.sql.Connection;
import java.time.Duration;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;

/**
 * What trials work on: the lake and who watches it.
 *
 * @param isLong every trial is wanted, not just a choice
 */
record Stage(
        FaultLake lake,
        Marks marks,
        Ledgers ledgers,
        Reader reader,
        Progress progress,
        Poison poison,
        long seed,
        boolean isLong) {
    static final String RAW = "raw.marks";
    static final String DAILY = "trusted.marks";
    static final String HTTP = "raw.answers";
    /** By intervals, row by row: a build adds to what stands. */
    static final String LIVE = "trusted.marks_live";
    /** By intervals, computed again where rows have come. */
    static final String WINDOWS = "gold.marks_windows";
    /** The last mark of each lane of a producer. */
    static final String CURRENT = "trusted.marks_current";
    /** All marks of each lane, with the time in which each was the last. */
    static final String HISTORY = "trusted.marks_history";

    static final LocalDate FIRST = LocalDate.parse("2024-01-01");
    /** Marks of this date are landed, but no table is built of it. */
    static final LocalDate LANDED_ONLY = LocalDate.parse("2025-01-01");
    /** Marks of this date alone are in tables with keys. */
    static final LocalDate KEYED = LocalDate.parse("2025-03-01");

    /** The named steps of a job, in order. */
    static final List<String> STEPS =
            List.of("planned", "written", "prepared", "committed", "leased", "altered", "added", "published");

    private static final int MARKS = 40;

    /** Of marks in three tables alone, {@link #RAW}, {@link #DAILY} and {@link #CURRENT}, for trials on a cluster. */
    static Stage ofMarks(FaultLake lake) throws IOException {
        return new Stage(
                lake,
                new Marks(lake.target(), lake.state().resolve("marks.json"), false),
                new Ledgers(lake),
                new Reader(lake, List.of(RAW, DAILY), Duration.ofMillis(200)),
                Progress.open(lake.state().resolve("progress.json"), 0, "", false),
                new Poison(lake.target()),
                0,
                false);
    }

    /** Sends the first marks, and builds the three tables. */
    void begin() throws IOException, ExecutionException, InterruptedException {
        marks.createTopic();
        send(FIRST);
        send(KEYED);
        lake.run("run", RAW, DAILY, "--date", FIRST.toString()).succeeded();
        run(CURRENT, KEYED);
    }

    /**
     * Compares the three tables with what was acknowledged, the metastore with the ledgers, and judges what the reader saw; an
     * AssertionError where anything differs.
     */
    void verifyMarks() throws Exception {
        assertThat(reader.faults(ledgers)).isEmpty();
        assertThat(List.of(
                        Audit.of(lake, RAW, "value.", marks.acknowledged(date -> true)),
                        Audit.of(lake, DAILY, "", marks.acknowledged(date -> date.isBefore(LANDED_ONLY))),
                        Truth.ofCurrent(lake, marks.acknowledged(KEYED::equals))))
                .allMatch(Audit::isClean);
        try (Connection trino = lake.trino()) {
            for (String table : List.of(RAW, DAILY)) {
                assertThat(Reader.look(trino, table).rows().keySet()).isEqualTo(ledgers.head(table));
            }
        }
    }

    /** Builds what a trial that failed may have left undone of what {@link #verifyMarks} compares. */
    void catchUp() throws IOException, InterruptedException {
        reader.settle();
        attempt(RAW, LANDED_ONLY);
        lake.run("run", DAILY, "--due", "--from", FIRST.toString(), "--to", LANDED_ONLY.toString());
        attempt(CURRENT, KEYED);
    }

    /** A trial that strikes at a step. */
    interface AtStep {
        void run(String step) throws Exception;
    }

    /** One trial for each step; in the short form only for steps of these places. */
    Map<String, Trial> atSteps(AtStep trial, Integer... places) {
        Map<String, Trial> trials = new LinkedHashMap<>();
        for (int place = 0; place < STEPS.size(); place++) {
            if (isLong || List.of(places).contains(place)) {
                String step = STEPS.get(place);
                trials.put(step, () -> trial.run(step));
            }
        }
        return trials;
    }

    /** Marks of this date are in tables by intervals. */
    LocalDate byInterval() {
        return marks.tomorrow();
    }

    /** The date for trials on a table that exists already: of the landing one that nothing is built of. */
    LocalDate dateOf(String table) {
        return switch (table) {
            case RAW -> LANDED_ONLY;
            case LIVE -> byInterval();
            case CURRENT, HISTORY -> KEYED;
            default -> FIRST;
        };
    }

    void send(LocalDate date) throws ExecutionException, InterruptedException {
        marks.send(date, MARKS);
    }

    void sendAborted(LocalDate date) throws ExecutionException, InterruptedException {
        marks.sendAborted(date, MARKS);
    }

    /** Sends marks of a date and lands them. */
    void sendAndLand(LocalDate date) throws IOException, ExecutionException, InterruptedException {
        send(date);
        run(RAW, date);
    }

    /** Gives a table something to do: a landing finds marks that it has not landed, a build landed ones. */
    void prepare(String table, LocalDate date) throws IOException, ExecutionException, InterruptedException {
        send(date);
        if (!table.equals(RAW)) {
            run(RAW, date);
        }
    }

    /** Builds the tables that show the same marks as one that was built, and that were not. */
    void completeAfter(String table) throws IOException, InterruptedException {
        switch (table) {
            case LIVE -> run(WINDOWS, byInterval());
            case CURRENT -> run(HISTORY, KEYED);
            case HISTORY -> run(CURRENT, KEYED);
            default -> {
                // The others have none.
            }
        }
    }

    /** Runs a table's job for a date; an AssertionError if it fails. */
    LakeCommand.Result run(String table, LocalDate date, String... more) throws IOException, InterruptedException {
        return lake.run(arguments(table, date, more)).succeeded();
    }

    /** Runs a table's job, which may fail. */
    LakeCommand.Result attempt(String table, LocalDate date) throws IOException, InterruptedException {
        return lake.run(arguments(table, date));
    }

    RunningJob start(Map<String, String> environment, String table, LocalDate date) throws IOException {
        return lake.start(environment, arguments(table, date));
    }

    static String[] arguments(String table, LocalDate date, String... more) {
        return Stream.concat(Stream.of("run", table, "--date", date.toString()), Stream.of(more))
                .toArray(String[]::new);
    }

    /** Counts a process that was killed or frozen. */
    void strike() {
        progress.tally().strike();
    }
}
