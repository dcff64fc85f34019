package dev.igarape.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.kind.RunOptions;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.CommitResult;
import dev.igarape.jobs.ledger.DateBuild;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.SequenceSet;
import dev.igarape.jobs.plan.Planner;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.testing.CountingFs;
import dev.igarape.jobs.testing.EventsLake;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.MetastoreCalls;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingSpark;
import dev.igarape.model.DateRange;
import dev.igarape.model.Json;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.job.PlannedDate;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.GlobalStorageStatistics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What tables cost that have grown for years; their commits are made up, for nobody can wait that long. */
@ExtendWith(TestServers.class)
final class GrowthTest {
    private static final TableName RAW = EventsLake.RAW;
    private static final TableName TRUSTED = EventsLake.TRUSTED;
    /** 10,000 dates of 100,000 files. */
    private static final int COMMITS = 5_000;

    /** Fewer, because the metastore takes minutes to add 10,000 dates; -Digarape.growth=5000 publishes them all. */
    private static final int PUBLISHED_COMMITS = Integer.getInteger("igarape.growth", 500);

    private static final int DATES_PER_COMMIT = 2;
    private static final int FILES = 10;
    private static final int ROWS = 1_000;
    private static final long UNREADABLE_BYTES = 1 << 20;
    private static final LocalDate FIRST = LocalDate.parse("2024-01-01");

    private static LocalLake local;
    private EventsLake events;

    @BeforeAll
    static void start(LocalLake lake) {
        local = lake;
    }

    @BeforeEach
    void open() throws IOException {
        events = new EventsLake(local);
    }

    @AfterEach
    void close() {
        events.close();
    }

    @Test
    void aLateRowIsFoundAmongTenThousandDates() throws Exception {
        Lake lake = grown(events, COMMITS);
        assertThat(due(lake)).isEmpty();
        LocalDate late = FIRST.plusDays(4_321);
        commit(lake, RAW, List.of(late), List.of());

        assertThat(due(lake)).singleElement().satisfies(due -> {
            assertThat(due.table()).isEqualTo(TRUSTED);
            assertThat(due.date()).isEqualTo(late);
            assertThat(due.rows()).isEqualTo(ROWS);
        });
    }

    @Test
    void aLongLedgerIsReadFromItsSnapshot() throws Exception {
        grown(events, COMMITS);
        Lake lake = events.open(tables());
        Path ledger = local(lake.target().ledgerFolder(RAW));
        for (int number = 1; number <= COMMITS; number++) {
            Files.writeString(ledger.resolve("%012d.json".formatted(number)), "whoever reads this fails");
        }

        assertThat(lake.ledger(RAW).read().partitions()).hasSize(COMMITS * DATES_PER_COMMIT);
    }

    @Test
    void aPublishTakesAsManyCallsForManyDatesAsForTwo() throws Exception {
        List<String> few = callsToRebuild(grown(events, 1));
        try (EventsLake other = new EventsLake(local)) {
            List<String> many = callsToRebuild(grown(other, PUBLISHED_COMMITS));
            assertThat(many).isEqualTo(few);
            // Compared, with a look for a quarantine table first; flipped, with another look; read back.
            assertThat(many)
                    .containsExactly(
                            "get_table",
                            "get_table",
                            "get_partitions",
                            "get_table",
                            "get_table",
                            "get_partitions",
                            "alter_partition",
                            "get_table",
                            "get_partitions");
            assertThat(local.partitions(other.prefix() + "trusted", "events"))
                    .hasSize(PUBLISHED_COMMITS * DATES_PER_COMMIT);
        }
    }

    /** What the metastore is asked by a process of its own that publishes one date anew. */
    private List<String> callsToRebuild(Lake lake) throws Exception {
        try (Publisher first = lake.publisher();
                Publisher second = lake.publisher()) {
            first.publish(lake.table(TRUSTED), lake.ledger(TRUSTED));
            commit(lake, TRUSTED, List.of(FIRST), List.of(1L));
            MetastoreCalls.reset();
            second.publish(lake.table(TRUSTED), lake.ledger(TRUSTED));
            return MetastoreCalls.seen();
        }
    }

    @Test
    void aStepOfAResidentProcessCostsTheSameAfterTenCommitsAndAfterTwoThousand() throws Exception {
        Calls few = callsOfAStep(grown(events, 10, 20));
        try (EventsLake other = new EventsLake(local)) {
            assertThat(callsOfAStep(grown(other, 2_000, 20))).isEqualTo(few);
        }
        assertThat(few.metastore()).hasSizeLessThan(5);
        assertThat(few.files()).hasSizeLessThan(100);
    }

    @Test
    void aStepOfAResidentProcessCostsTheSameWithTwoDatesAndWithMany() throws Exception {
        Calls few = callsOfAStep(grown(events, 1));
        try (EventsLake other = new EventsLake(local)) {
            assertThat(callsOfAStep(grown(other, PUBLISHED_COMMITS))).isEqualTo(few);
        }
    }

    /** What a step asks of the file system, for the ledger and its leases, and of the metastore. */
    private record Calls(List<String> files, List<String> metastore) {}

    /** The third step of a process that reads, commits one date and publishes it. */
    private static Calls callsOfAStep(Lake grown) throws Exception {
        Lake lake = new Lake(
                grown.manifest(),
                grown.target(),
                new Configuration(grown.hadoop()),
                grown.files(),
                grown.clock(),
                "resident",
                grown.steps());
        CountingFs.use(lake.hadoop());
        try (Publisher publisher = lake.publisher()) {
            for (int step = 1; step <= 3; step++) {
                CountingFs.reset();
                MetastoreCalls.reset();
                commit(lake, TRUSTED, List.of(FIRST), List.of(1L));
                publisher.publish(lake.table(TRUSTED), lake.ledger(TRUSTED));
            }
            return new Calls(CountingFs.seen(), MetastoreCalls.seen());
        }
    }

    @Test
    void oneLateDateOfAYearIsRebuiltFromItsOwnFilesAlone(TestingSpark spark) throws Exception {
        LocalDate late = FIRST.plusDays(228);
        Lake lake = events.open(tables());
        try (TableRunner runner = new TableRunner(lake, spark::newSession)) {
            events.answer(clicks(ROWS));
            runner.run(List.of(RAW, TRUSTED), DateRange.of(late), RunOptions.NONE);
            List<LocalDate> others = FIRST.datesUntil(FIRST.plusYears(1))
                    .filter(date -> !date.equals(late))
                    .toList();
            commit(lake, RAW, others, List.of());
            commit(lake, TRUSTED, others, List.of(2L));
            makeUnreadable(lake, others);
            events.answer(clicks(ROWS + 1));
            runner.run(List.of(RAW), DateRange.of(late), new RunOptions(true, false, BuildOverrides.NOTHING));
            List<Path> before = files(lake);
            long read = bytes("bytesRead");
            long written = bytes("bytesWritten");

            List<TableRun> runs = runner.runDue(List.of(TRUSTED), Optional.empty(), BuildOverrides.NOTHING);

            assertThat(runs).singleElement().satisfies(run -> {
                assertThat(run.date()).contains(late);
                assertThat(run.balance().written()).isEqualTo(ROWS + 1);
            });
            List<Path> fresh = new ArrayList<>(files(lake));
            fresh.removeAll(before);
            assertThat(fresh).isNotEmpty().allMatch(file -> file.toString().contains("date=" + late));
            // The date's own input, and ledgers; the other dates' files hold a hundred times as much.
            long year = others.size() * UNREADABLE_BYTES;
            assertThat(bytes("bytesRead") - read).isPositive().isLessThan(year / 20);
            assertThat(bytes("bytesWritten") - written).isPositive().isLessThan(year / 20);
        }
    }

    /** Fills dates with files that fail whoever reads them. */
    private static void makeUnreadable(Lake lake, List<LocalDate> dates) throws IOException {
        for (TableName table : List.of(RAW, TRUSTED)) {
            LedgerState state = lake.ledger(table).read();
            for (LocalDate date : dates) {
                String path = state.partitionsOf(date).get(0).partition().path();
                Path file = local(lake.target().folder(table)).resolve(path).resolve("part-0");
                try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
                    sparse.setLength(UNREADABLE_BYTES);
                }
            }
        }
    }

    private static String clicks(int rows) {
        return IntStream.range(0, rows)
                .mapToObj(row -> "{\"user\":\"user-" + row * 7919L + "\",\"kind\":\"click\"}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    /** Data files of both tables, hidden ones left out. */
    private static List<Path> files(Lake lake) throws IOException {
        List<Path> all = new ArrayList<>();
        for (TableName table : List.of(RAW, TRUSTED)) {
            try (Stream<Path> files = Files.walk(local(lake.target().folder(table)))) {
                files.filter(Files::isRegularFile)
                        .filter(file -> !file.getFileName().toString().startsWith("."))
                        .forEach(all::add);
            }
        }
        return all;
    }

    /** What this process has moved to or from the file system so far. */
    private static long bytes(String which) {
        return GlobalStorageStatistics.INSTANCE.get("file").getLong(which);
    }

    private static List<PlannedDate> due(Lake lake) throws IOException {
        return new Planner(lake)
                .plan(List.of(TRUSTED)).stream().filter(PlannedDate::isDue).toList();
    }

    /** A lake whose tables got their dates by so many commits. */
    private static Lake grown(EventsLake events, int commits) throws IOException {
        return grown(events, commits, commits * DATES_PER_COMMIT);
    }

    /** Likewise, but so many dates, which come again and again. */
    private static Lake grown(EventsLake events, int commits, int dates) throws IOException {
        Lake lake = events.open(tables());
        for (TableName table : List.of(RAW, TRUSTED)) {
            Path ledger = Files.createDirectories(local(lake.target().ledgerFolder(table)));
            for (int number = 1; number < commits; number++) {
                Commit commit = draft(lake, table, dates(number, dates), List.of((long) number));
                // As the ledger writes it, which would take minutes.
                String json =
                        Json.mapper().writeValueAsString(commit).replace("\"sequence\":0", "\"sequence\":" + number);
                Files.writeString(ledger.resolve("%012d.json".formatted(number)), json);
            }
            // Makes the snapshot that is due by then.
            commit(lake, table, dates(commits, dates), List.of((long) commits));
        }
        return lake;
    }

    private static List<LocalDate> dates(int commit, int dates) {
        LocalDate first = FIRST.plusDays((long) (commit - 1) * DATES_PER_COMMIT % dates);
        return first.datesUntil(first.plusDays(DATES_PER_COMMIT)).toList();
    }

    private static void commit(Lake lake, TableName table, List<LocalDate> dates, List<Long> inputs)
            throws IOException {
        Ledger ledger = lake.ledger(table);
        assertThat(ledger.commit(draft(lake, table, dates, inputs), ledger.read()))
                .isInstanceOf(CommitResult.Committed.class);
    }

    /** A commit of dates in folders without a file. */
    private static Commit draft(Lake lake, TableName table, List<LocalDate> dates, List<Long> inputs)
            throws IOException {
        String id = lake.newCommitId();
        List<PartitionVersion> partitions = new ArrayList<>();
        List<DateBuild> builds = new ArrayList<>();
        for (LocalDate date : dates) {
            String path = id + "/date=" + date;
            Files.createDirectories(local(lake.target().folder(table)).resolve(path));
            partitions.add(new PartitionVersion(date, Optional.empty(), path, FILES, ROWS, 1L << 30));
            builds.add(new DateBuild(
                    date,
                    table.equals(RAW) ? Map.of() : Map.of(RAW, SequenceSet.of(inputs)),
                    true,
                    Balance.landed(ROWS, ROWS, 0),
                    List.of()));
        }
        long rows = (long) ROWS * dates.size();
        return Commit.of(table, id)
                .by("growth", table.equals(RAW) ? Operation.LAND : Operation.BUILD)
                .definitionHash(lake.table(table).definitionHash())
                .columns(table.equals(RAW) ? Map.of("body", "string") : Map.of("user", "string", "kind", "string"))
                .dates(builds)
                .partitions(partitions)
                .balance(Balance.landed(rows, rows, 0))
                .build();
    }

    private static Path local(String uri) {
        return Path.of(URI.create(uri));
    }

    private static Table[] tables() {
        return new Table[] {EventsLake.raw(), EventsLake.trusted()};
    }
}
