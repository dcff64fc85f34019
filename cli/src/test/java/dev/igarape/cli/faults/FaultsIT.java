package dev.igarape.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.igarape.cli.e2e.LakeCommand;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.file.SeekableByteArrayInput;
import org.apache.avro.generic.GenericDatumReader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Strikes the packaged jobs on real servers, and counts. After each trial every acknowledged mark must be in the tables
 * once, the metastore must show the ledgers' heads, and a reader that asked Trino all the while must have seen whole
 * versions only.
 *
 * <p>{@code igarape.faults=long} runs every trial and writes {@code docs/faults.md}; otherwise a choice of them runs.
 * {@code igarape.faults.seed} decides the random ones. A long run that was cut off goes on where it was, on the data
 * that it left, with {@code igarape.faults.resume=true}.
 */
final class FaultsIT {
    private static final Path HOME =
            Path.of(System.getProperty("igarape.home", "..")).toAbsolutePath().normalize();
    private static final boolean LONG =
            System.getProperty("igarape.faults", "short").equals("long");
    private static final boolean RESUME = Boolean.getBoolean("igarape.faults.resume");
    private static final long SEED = Long.getLong("igarape.faults.seed", 20_240_101L);
    private static final Path STATE = HOME.resolve("cli/target/faults");

    private static final List<String> STEPS =
            List.of("planned", "written", "prepared", "committed", "leased", "altered", "added", "published");
    private static final LocalDate FIRST = LocalDate.parse("2024-01-01");
    /** Marks of this date are landed, but no table is built of it. */
    private static final LocalDate LANDED_ONLY = LocalDate.parse("2025-01-01");

    private static final int MARKS = 40;
    private static final int KILLED = 137;
    private static final String RAW = "raw.marks";
    private static final String DAILY = "trusted.marks";
    private static final String HTTP = "raw.answers";
    private static final String TABLE_FOLDER = "/lake/trusted/marks";
    private static final int RANDOM_KILLS = LONG ? 60 : 1;

    private static FaultLake lake;
    private static Marks marks;
    private static Ledgers ledgers;
    private static Reader reader;
    private static Progress progress;

    /** A fault and the recovery from it. */
    private interface Trial {
        void run() throws Exception;
    }

    @BeforeAll
    static void start() throws Exception {
        lake = FaultLake.up(HOME, STATE, LONG && RESUME);
        progress = Progress.open(STATE.resolve("progress.json"), SEED, LONG && RESUME);
        marks = new Marks(lake.target(), STATE.resolve("marks.json"), LONG && RESUME);
        ledgers = new Ledgers(lake);
        if (!progress.isPassed("start")) {
            marks.createTopic();
            marks.send(FIRST, MARKS);
            lake.run(RAW, DAILY, HTTP, "--date", FIRST.toString()).succeeded();
            progress.begins();
            progress.passed("start", 0);
        }
        if (RESUME) {
            // The trial that was cut off has left marks that nobody has landed, or landed ones that nobody has built.
            lake.run(RAW, "--date", LANDED_ONLY.toString()).succeeded();
            lake.run(DAILY, "--due", "--from", FIRST.toString(), "--to", LANDED_ONLY.toString())
                    .succeeded();
        }
        reader = new Reader(lake, List.of(RAW, DAILY), Duration.ofMillis(LONG ? 500 : 200)).start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (reader != null) {
            reader.close();
            if (LONG && progress.isAllPassed()) {
                progress.report(HOME.resolve("docs/faults.md"), versions(), ledgers.commits(), reader.judged());
            }
        }
        if (lake != null) {
            lake.close();
        }
    }

    /** What was struck. */
    private static String versions() throws IOException {
        Process git = new ProcessBuilder("git", "describe", "--always", "--dirty")
                .directory(HOME.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        return "Igarapé %s, %s, JDK %s, Linux %s"
                .formatted(
                        new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip(),
                        System.getProperty("igarape.versions"),
                        System.getProperty("java.version"),
                        System.getProperty("os.version"));
    }

    @TestFactory
    Stream<DynamicTest> nothingIsLostDoubledOrTorn() {
        Map<String, Map<String, Trial>> kinds = new LinkedHashMap<>();
        kinds.put("landing from Kafka killed at a step", atSteps(this::killLanding, 3));
        kinds.put("landing from HTTP killed at a step", atSteps(this::killHttpLanding, 3));
        kinds.put("new date killed at a step", atSteps(this::killNewDate, 6));
        kinds.put("rebuilt date killed at a step", atSteps(this::killRebuild, 5));
        kinds.put("killed at a random moment", randomKills());
        kinds.put("frozen at a step, overtaken, thawed", frozen());
        kinds.put("two runs at once", together());
        kinds.put("Kafka's own faults", kafka());
        if (LONG) {
            kinds.put("a server killed", servers());
            kinds.put("a part of the storage killed", storageParts());
            kinds.put("a full disk", disks());
        }
        kinds.put("fuzzed messages", Map.of("fuzz", this::fuzz));
        if (LONG) {
            kinds.put("cut files in raw", Map.of("in a block and between blocks", this::cutFiles));
            kinds.put("speculation with a slow task", Map.of("daily", this::speculate));
        }
        List<DynamicTest> tests = new ArrayList<>();
        kinds.forEach((kind, trials) -> trials.forEach((name, trial) -> {
            String id = kind + ": " + name;
            tests.add(dynamicTest(id, () -> run(kind, id, trial)));
        }));
        // Last: what they break is mended again, but who minds the kit's faults should not wait for those of the lake.
        tests.add(dynamicTest("the kit sees a version shown before its commit", this::showBeforeCommit));
        tests.add(dynamicTest("the kit sees a version overwritten in place", this::overwriteInPlace));
        return tests.stream();
    }

    private void run(String kind, String id, Trial trial) throws Exception {
        if (progress.isPassed(id)) {
            return;
        }
        progress.begins();
        progress.tally().trialBegins();
        Instant begin = Instant.now();
        boolean passed = false;
        try {
            trial.run();
            verify();
            passed = true;
        } finally {
            // Somebody may be waiting for an hour.
            System.out.printf(
                    "%s %s in %d s%n",
                    id,
                    passed ? "passed" : "FAILED",
                    Duration.between(begin, Instant.now()).toSeconds());
        }
        progress.tally().trialPassed(kind);
        progress.passed(id, reader.judged());
    }

    /** Compares tables with what was acknowledged, the metastore with the ledgers, and judges what readers saw. */
    private static void verify() throws Exception {
        Audit raw = Audit.of(lake, RAW, "value.", marks.acknowledged(date -> true));
        Audit daily = Audit.of(lake, DAILY, "", marks.acknowledged(date -> date.isBefore(LANDED_ONLY)));
        List<String> torn = reader.faults(ledgers);
        progress.tally().audit(raw);
        progress.tally().audit(daily);
        progress.tally().torn(torn.size());
        assertThat(torn).isEmpty();
        assertThat(List.of(raw, daily)).allMatch(Audit::isClean);
        try (Connection trino = lake.trino()) {
            for (String table : List.of(RAW, DAILY, HTTP)) {
                assertThat(Reader.look(trino, table).rows().keySet()).isEqualTo(ledgers.head(table));
            }
        }
    }

    /** One trial for each step; in the short form only for steps of these places. */
    private static Map<String, Trial> atSteps(AtStep trial, Integer... places) {
        Map<String, Trial> trials = new LinkedHashMap<>();
        for (int place = 0; place < STEPS.size(); place++) {
            if (LONG || List.of(places).contains(place)) {
                String step = STEPS.get(place);
                trials.put(step, () -> trial.run(step));
            }
        }
        return trials;
    }

    /** A trial that strikes at a step. */
    private interface AtStep {
        void run(String step) throws Exception;
    }

    private void killLanding(String step) throws Exception {
        marks.send(LANDED_ONLY, MARKS);
        killedAt(step, RAW, LANDED_ONLY);
        lake.run(RAW, "--date", LANDED_ONLY.toString()).succeeded();
    }

    private void killHttpLanding(String step) throws Exception {
        LocalDate date = FIRST.plusDays(STEPS.indexOf(step) + 1L);
        killedAt(step, HTTP, date);
        lake.run(HTTP, "--date", date.toString()).succeeded();
        // The same date again, which exists now.
        killedAt(step, HTTP, date, "--refetch");
        lake.run(HTTP, "--date", date.toString(), "--refetch").succeeded();
    }

    private void killNewDate(String step) throws Exception {
        LocalDate date = FIRST.plusDays(STEPS.indexOf(step) + 1L);
        marks.send(date, MARKS);
        lake.run(RAW, "--date", date.toString()).succeeded();
        killedAt(step, DAILY, date);
        lake.run(DAILY, "--date", date.toString()).succeeded();
    }

    private void killRebuild(String step) throws Exception {
        marks.send(FIRST, MARKS);
        lake.run(RAW, "--date", FIRST.toString()).succeeded();
        killedAt(step, DAILY, FIRST);
        lake.run(DAILY, "--date", FIRST.toString()).succeeded();
    }

    private static void killedAt(String step, String table, LocalDate date, String... more)
            throws IOException, InterruptedException {
        RunningJob job = lake.start(Map.of("IGARAPE_HALT_AT", step), arguments(table, date, more));
        int status = job.finish();
        // A step that this kind of table or this run does not reach lets the job succeed.
        assertThat(status).as(job.log()).isIn(0, KILLED);
        if (status == KILLED) {
            progress.tally().strike();
        }
    }

    private static String[] arguments(String table, LocalDate date, String... more) {
        return Stream.concat(Stream.of(table, "--date", date.toString()), Stream.of(more))
                .toArray(String[]::new);
    }

    private Map<String, Trial> randomKills() {
        Map<String, Trial> trials = new LinkedHashMap<>();
        Random random = new Random(SEED);
        for (int i = 0; i < RANDOM_KILLS; i++) {
            // Drawn here, so that a trial left out of a resumed run changes none of the others.
            Duration moment = Duration.ofMillis(500 + random.nextInt(8000));
            int table = random.nextInt(3);
            LocalDate fresh = FIRST.plusDays(20L + i);
            List<String> targets = List.of(RAW + " " + LANDED_ONLY, DAILY + " " + fresh, DAILY + " " + FIRST);
            String[] target = targets.get(table).split(" ");
            trials.put(
                    "%02d, %s of %s after %d ms".formatted(i, target[0], target[1], moment.toMillis()),
                    () -> killAfter(moment, target[0], LocalDate.parse(target[1])));
        }
        return trials;
    }

    private void killAfter(Duration moment, String table, LocalDate date) throws Exception {
        marks.send(date, MARKS);
        if (table.equals(DAILY)) {
            lake.run(RAW, "--date", date.toString()).succeeded();
        }
        RunningJob job = lake.start(Map.of(), arguments(table, date));
        if (!job.isOverWithin(moment)) {
            job.kill();
            progress.tally().strike();
        }
        lake.run(table, "--date", date.toString()).succeeded();
    }

    private Map<String, Trial> frozen() {
        Map<String, Trial> trials = new LinkedHashMap<>();
        atSteps(step -> freeze(step, RAW, LANDED_ONLY), 3)
                .forEach((step, trial) -> trials.put("landing " + step, trial));
        atSteps(step -> freeze(step, DAILY, FIRST), 5).forEach((step, trial) -> trials.put("daily " + step, trial));
        return trials;
    }

    /** While a job is frozen, more arrives and another job takes it in; then the first one goes on. */
    private void freeze(String step, String table, LocalDate date) throws Exception {
        marks.send(date, MARKS);
        if (table.equals(DAILY)) {
            lake.run(RAW, "--date", date.toString()).succeeded();
        }
        RunningJob zombie = lake.start(Map.of("IGARAPE_STOP_AT", step), arguments(table, date));
        boolean frozen = zombie.awaitFrozen();
        marks.send(date, MARKS);
        lake.run(RAW, "--date", date.toString()).succeeded();
        lake.run(table, "--date", date.toString()).succeeded();
        if (frozen) {
            progress.tally().strike();
            zombie.thaw();
        }
        // It may find that it was overtaken: an error that says so is as good as an end without one.
        assertThat(zombie.finish()).as(zombie.log()).isIn(0, 4);
    }

    private Map<String, Trial> together() {
        Map<String, Trial> trials = new LinkedHashMap<>();
        trials.put(
                "the same date",
                () -> together(List.of(arguments(DAILY, FIRST), arguments(DAILY, FIRST)), List.of(FIRST)));
        LocalDate next = FIRST.plusDays(10);
        LocalDate after = FIRST.plusDays(11);
        if (LONG) {
            trials.put(
                    "the same topic",
                    () -> together(
                            List.of(arguments(RAW, LANDED_ONLY), arguments(RAW, LANDED_ONLY)), List.of(LANDED_ONLY)));
            trials.put(
                    "two dates",
                    () -> together(List.of(arguments(DAILY, next), arguments(DAILY, after)), List.of(next, after)));
            trials.put(
                    "a backfill and a schedule",
                    () -> together(
                            List.of(
                                    new String[] {
                                        DAILY,
                                        "--from",
                                        next.toString(),
                                        "--to",
                                        after.plusDays(1).toString()
                                    },
                                    arguments(DAILY, next)),
                            List.of(next, after)));
        }
        return trials;
    }

    /** Runs at once, after each of the dates got marks; landings find them unlanded, builds landed. */
    private static void together(List<String[]> runs, List<LocalDate> dates) throws Exception {
        for (LocalDate date : dates) {
            marks.send(date, MARKS);
        }
        if (runs.get(0)[0].equals(DAILY)) {
            lake.run(RAW, "--date", FIRST.toString()).succeeded();
        }
        List<RunningJob> jobs = new ArrayList<>();
        for (String[] run : runs) {
            jobs.add(lake.start(Map.of(), run));
        }
        for (RunningJob job : jobs) {
            assertThat(job.finish()).as(job.log()).isEqualTo(0);
        }
    }

    private Map<String, Trial> kafka() {
        Map<String, Trial> trials = new LinkedHashMap<>();
        trials.put("an aborted transaction", () -> {
            marks.sendAborted(LANDED_ONLY, MARKS);
            marks.send(LANDED_ONLY, MARKS);
            lake.run(RAW, "--date", LANDED_ONLY.toString()).succeeded();
        });
        trials.put("a partition added", () -> {
            marks.addPartition();
            marks.send(LANDED_ONLY, MARKS);
            lake.run(RAW, "--date", LANDED_ONLY.toString()).succeeded();
        });
        if (LONG) {
            trials.put("offsets expired", () -> gap(lake.poison()::expire));
            trials.put("a topic created anew", () -> gap(lake.poison()::recreate));
        }
        return trials;
    }

    /** What does away with records that were not landed. */
    private interface Loss {
        void strike() throws Exception;
    }

    /** Records that Kafka has lost stop the landing, until somebody accepts the gap on record. */
    private static void gap(Loss loss) throws Exception {
        Poison poison = lake.poison();
        poison.send(10);
        // A trial that was cut off may have left a gap.
        lake.run("raw.gaps", "--date", FIRST.toString(), "--accept-gap").succeeded();
        poison.send(10);
        loss.strike();
        poison.send(5);
        LakeCommand.Result refused = lake.run("raw.gaps", "--date", FIRST.toString());
        assertThat(refused.status()).as(refused.err()).isEqualTo(5);
        lake.run("raw.gaps", "--date", FIRST.toString(), "--accept-gap").succeeded();
        lake.run("raw.gaps", "--date", FIRST.toString()).succeeded();
    }

    private Map<String, Trial> servers() {
        Map<String, Trial> trials = new LinkedHashMap<>();
        Random random = new Random(SEED + 1);
        for (String server : List.of("storage", "kafka", "registry", "trino")) {
            for (String table : List.of(RAW, DAILY)) {
                Duration moment = Duration.ofMillis(1000 + random.nextInt(4000));
                trials.put(
                        "%s, %d ms into %s".formatted(server, moment.toMillis(), table),
                        () -> killServer(server, moment, table));
            }
        }
        return trials;
    }

    private void killServer(String server, Duration moment, String table) throws Exception {
        LocalDate date = table.equals(RAW) ? LANDED_ONLY : FIRST;
        marks.send(date, MARKS);
        if (table.equals(DAILY)) {
            lake.run(RAW, "--date", date.toString()).succeeded();
        }
        reader.expectOutage();
        RunningJob job = lake.start(Map.of(), arguments(table, date));
        job.isOverWithin(moment);
        lake.server(server).destroyForcibly();
        progress.tally().strike();
        // A job that did not need the server any more succeeds; otherwise it says that it can be run again.
        assertThat(job.finish()).as(job.log()).isIn(0, 4);
        lake.start();
        reader.settle();
        lake.run(table, "--date", date.toString()).succeeded();
    }

    private Map<String, Trial> storageParts() {
        Map<String, Trial> trials = new LinkedHashMap<>();
        Random random = new Random(SEED + 2);
        for (String part : StorageParts.NAMES) {
            Duration moment = Duration.ofMillis(1000 + random.nextInt(4000));
            trials.put("%s, after %d ms".formatted(part, moment.toMillis()), () -> killPart(part, moment));
        }
        return trials;
    }

    private void killPart(String part, Duration moment) throws Exception {
        reader.expectOutage();
        try (StorageParts storage = lake.storageInParts()) {
            for (String table : List.of(RAW, DAILY)) {
                LocalDate date = table.equals(RAW) ? LANDED_ONLY : FIRST;
                marks.send(date, MARKS);
                if (table.equals(DAILY)) {
                    lake.run(RAW, "--date", date.toString()).succeeded();
                }
                RunningJob job = lake.start(Map.of(), arguments(table, date));
                job.isOverWithin(moment);
                storage.kill(part);
                progress.tally().strike();
                storage.restart(part);
                // Whoever waited for the part may go on with it.
                assertThat(job.finish()).as(job.log()).isIn(0, 4);
                await().atMost(Duration.ofMinutes(2)).until(lake::isWritable);
                lake.run(table, "--date", date.toString()).succeeded();
            }
        } finally {
            lake.start();
            reader.settle();
        }
    }

    private Map<String, Trial> disks() {
        if (!SmallDisk.isAllowed(STATE.resolve("probe"))) {
            progress.skips("full disks, because this machine does not let the kit mount small ones");
            return Map.of();
        }
        return Map.of("under the DataNode", this::fullDataNode, "under Spark's scratch", this::fullScratch);
    }

    private void fullDataNode() throws Exception {
        reader.expectOutage();
        lake.stop();
        try (SmallDisk disk = SmallDisk.mountOver(STATE.resolve("data/storage/blocks"))) {
            lake.start();
            for (String table : List.of(RAW, DAILY)) {
                LocalDate date = table.equals(RAW) ? LANDED_ONLY : FIRST;
                marks.send(date, MARKS);
                if (table.equals(DAILY)) {
                    lake.run(RAW, "--date", date.toString()).succeeded();
                }
                disk.fill();
                LakeCommand.Result refused = lake.run(table, "--date", date.toString());
                assertThat(refused.status()).as(refused.err()).isEqualTo(4);
                disk.empty();
                lake.run(table, "--date", date.toString()).succeeded();
            }
            lake.stop();
        }
        lake.start();
        reader.settle();
    }

    private void fullScratch() throws Exception {
        marks.send(FIRST, MARKS);
        lake.run(RAW, DAILY, "--date", FIRST.toString()).succeeded();
        try (SmallDisk scratch = SmallDisk.mount(STATE.resolve("scratch"), "16k")) {
            RunningJob job = lake.start(
                    Map.of("SPARK_LOCAL_DIRS", scratch.folder().toString()), arguments("gold.marks_daily", FIRST));
            assertThat(job.finish()).as(job.log()).isEqualTo(4);
        }
        lake.run("gold.marks_daily", "--date", FIRST.toString()).succeeded();
    }

    /** Whatever comes as a message ends in the table or in quarantine, once, and both can be read. */
    private void fuzz() throws Exception {
        long count = lake.poison().fuzz(SEED, LONG ? 10_000 : 500, LONG);
        lake.run("raw.fuzz", "--date", FIRST.toString()).succeeded();
        lake.run("raw.fuzz", "--date", FIRST.toString()).succeeded();
        long there = 0;
        for (String table : List.of("raw.fuzz", "quarantine.raw_fuzz")) {
            long rows = lake.number("SELECT count(*) FROM " + table);
            long places =
                    lake.number("SELECT count(*) FROM (SELECT DISTINCT partition, \"offset\" FROM " + table + ")");
            assertThat(places).isEqualTo(rows);
            there += rows;
        }
        assertThat(there).isEqualTo(count);
        assertThat(lake.number("SELECT count(value.at) FROM raw.fuzz")).isPositive();
    }

    /** A file of raw that lost its end is refused, wherever it was cut; nothing is built of what is left. */
    private void cutFiles() throws Exception {
        lake.poison().send(10);
        lake.run("raw.gaps", "--date", FIRST.toString(), "--accept-gap").succeeded();
        String folder = ledgers.rows("raw.gaps").entrySet().stream()
                .filter(version -> version.getValue() == 10)
                .map(version -> "/lake/raw/gaps/" + version.getKey())
                .findFirst()
                .orElseThrow();
        String file = folder + "/" + lake.names(folder).get(0);
        byte[] whole = lake.file(file);
        try {
            for (int length : List.of(whole.length - 1, whole.length / 2, headerLength(whole))) {
                lake.write(file, Arrays.copyOf(whole, length));
                LakeCommand.Result refused = lake.run("trusted.gaps", "--date", FIRST.toString());
                assertThat(refused.status()).as(refused.err()).isEqualTo(5);
                assertThat(refused.err()).contains(folder, length + " bytes");
            }
        } finally {
            lake.write(file, whole);
        }
        lake.run("trusted.gaps", "--date", FIRST.toString()).succeeded();
        assertThat(lake.number("SELECT count(*) FROM trusted.gaps"))
                .isEqualTo(lake.number("SELECT count(*) FROM raw.gaps"));
    }

    /**
     * On a cluster whose tasks dawdle, a second attempt of each is started on another host, and whichever ends first
     * wins; the other one is stopped, or comes too late.
     */
    private void speculate() throws Exception {
        marks.send(FIRST, MARKS);
        lake.run(RAW, DAILY, "--date", FIRST.toString()).succeeded();
        try (SparkCluster cluster = lake.cluster()) {
            RunningJob job = lake.start(cluster, "gold.marks_slowly", FIRST);
            assertThat(job.finish()).as(job.log()).isZero();
            assertThat(cluster.speculativeAttempts()).isPositive();
        }
        assertThat(lake.number("SELECT count(*) FROM gold.marks_slowly"))
                .isEqualTo(lake.number("SELECT count(*) FROM trusted.marks WHERE date = DATE '" + FIRST + "'"));
    }

    /** Bytes of an Avro file up to its first block: cut off there, it is a whole file without rows. */
    private static int headerLength(byte[] file) throws IOException {
        try (DataFileReader<Object> reader =
                new DataFileReader<>(new SeekableByteArrayInput(file), new GenericDatumReader<>())) {
            return (int) reader.previousSync();
        }
    }

    /** A job that showed its files before it committed, and died in between, would leave this. */
    private void showBeforeCommit() throws Exception {
        Set<String> committed = new HashSet<>(lake.names(TABLE_FOLDER));
        marks.send(FIRST, MARKS);
        lake.run(RAW, "--date", FIRST.toString()).succeeded();
        lake.start(Map.of("IGARAPE_HALT_AT", "written"), arguments(DAILY, FIRST))
                .finish();
        String orphan = lake.names(TABLE_FOLDER).stream()
                .filter(name -> !committed.contains(name))
                .findFirst()
                .orElseThrow();
        lake.show(DAILY, FIRST, TABLE_FOLDER + "/" + orphan + "/date=" + FIRST);
        await().atMost(Duration.ofMinutes(2))
                .until(() -> reader.faults(ledgers).stream()
                        .anyMatch(fault -> fault.contains(orphan) && fault.contains("never committed")));
        rebuild();
    }

    /** Gives the date that was broken on purpose a new version, so that a run can be resumed afterwards. */
    private static void rebuild() throws Exception {
        marks.send(FIRST, MARKS);
        lake.run(RAW, DAILY, "--date", FIRST.toString()).succeeded();
        reader.faults(ledgers);
    }

    /** An overwrite in place deletes first and writes afterwards. */
    private void overwriteInPlace() throws Exception {
        String shown = ledgers.head(DAILY).stream()
                .filter(folder -> folder.contains("date=" + FIRST))
                .findFirst()
                .orElseThrow();
        lake.webHdfs("DELETE", TABLE_FOLDER + "/" + shown, "DELETE&recursive=true");
        await().atMost(Duration.ofMinutes(2))
                .until(() -> reader.faults(ledgers).stream()
                        // Trino may answer without the date, or not at all.
                        .anyMatch(fault -> fault.contains(" no more") || fault.startsWith("a query failed")));
        rebuild();
    }
}
