package dev.igarape.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.igarape.cli.OwnStack;
import dev.igarape.cli.e2e.DemoStack;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestFactory;

/**
 * Strikes the packaged jobs on real servers, and counts. After each trial every acknowledged mark must be in the tables
 * once, the metastore must show the ledgers' heads, and a reader that asked Trino all the while must have seen whole
 * versions only.
 *
 * <p>{@code igarape.faults=long} runs every trial and writes {@code docs/faults.md}; otherwise few run, some of which strike jobs of
 * two tables at a time, and a live service does what is not struck: what is sent is landed, and what was struck is done again;
 * then it is killed itself.
 * {@code igarape.faults.seed} decides the random ones. A long run that was cut off goes on where it was, on the data
 * that it left, with {@code igarape.faults.resume=true}; {@code igarape.faults.only} runs just the trials in whose names
 * it finds a match.
 */
@Order(6)
@OwnStack
final class FaultsIT {
    private static final Path HOME =
            Path.of(System.getProperty("igarape.home", "..")).toAbsolutePath().normalize();
    private static final boolean LONG =
            System.getProperty("igarape.faults", "short").equals("long");
    private static final boolean RESUME = Boolean.getBoolean("igarape.faults.resume");
    /** Names of the trials to run; all if empty. */
    private static final Pattern ONLY = Pattern.compile(System.getProperty("igarape.faults.only", ""));

    private static final long SEED = Long.getLong("igarape.faults.seed", 20_240_101L);
    private static final Path STATE = HOME.resolve("cli/target/faults");

    private static Stage stage;
    private static LiveServices live;

    @BeforeAll
    static void start() throws Exception {
        // The demo's stack, where the tests on it are over, saves a start of servers.
        boolean joins = !LONG && DemoStack.isLeft();
        Path state = joins ? DemoStack.STATE : STATE;
        // First: a run that can't be resumed starts no servers.
        Progress progress = Progress.open(state.resolve("progress.json"), SEED, version(), LONG && RESUME);
        FaultLake lake = FaultLake.up(HOME, state, joins || (LONG && RESUME));
        stage = new Stage(
                lake,
                new Marks(lake.target(), state.resolve("marks.json"), LONG && RESUME),
                new Ledgers(lake),
                new Reader(
                        lake,
                        List.of(Stage.RAW, Stage.DAILY, Stage.LIVE, Stage.WINDOWS),
                        Duration.ofMillis(LONG ? 1500 : 1000)),
                progress,
                new Poison(lake.target()),
                SEED,
                LONG);
        Events events = new Events(lake, state.resolve("events.json"), LONG && RESUME);
        live = new LiveServices(stage, events);
        if (!LONG) {
            // What is not struck is done sooner there. The long form has live services of its own, and stops servers.
            events.createTopic();
            lake.startWarm(LiveServices.TABLES);
        }
        if (!progress.isPassed("start")) {
            stage.marks().createTopic();
            stage.send(Stage.FIRST);
            lake.run("run", Stage.RAW, Stage.DAILY, Stage.HTTP, "--date", Stage.FIRST.toString())
                    .succeeded();
            stage.send(stage.byInterval());
            stage.send(Stage.KEYED);
            lake.run(
                            "run",
                            Stage.RAW,
                            Stage.LIVE,
                            Stage.WINDOWS,
                            "--date",
                            stage.byInterval().toString())
                    .succeeded();
            lake.run("run", Stage.CURRENT, Stage.HISTORY, "--date", Stage.KEYED.toString())
                    .succeeded();
            progress.begins();
            progress.passed("start", 0);
        }
        if (RESUME) {
            // The trial that was cut off has left marks that nobody has landed, or landed ones that nobody has built.
            stage.run(Stage.RAW, Stage.LANDED_ONLY);
            lake.run(
                            "run",
                            Stage.DAILY,
                            "--due",
                            "--from",
                            Stage.FIRST.toString(),
                            "--to",
                            Stage.LANDED_ONLY.toString())
                    .succeeded();
            lake.run(
                            "run",
                            Stage.LIVE,
                            Stage.WINDOWS,
                            "--date",
                            stage.byInterval().toString())
                    .succeeded();
            lake.run("run", Stage.CURRENT, Stage.HISTORY, "--date", Stage.KEYED.toString())
                    .succeeded();
        }
        stage.reader().start();
    }

    @AfterAll
    static void stop() throws Exception {
        if (stage == null) {
            return;
        }
        stage.reader().close();
        live.close();
        if (LONG && ONLY.pattern().isEmpty() && stage.progress().isAllPassed()) {
            stage.progress()
                    .report(HOME.resolve("docs/faults.md"), stage.ledgers().commits(), judged());
        }
        stage.lake().close();
    }

    /** What was struck. */
    private static String version() throws IOException {
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
        Kills kills = new Kills(stage);
        Rivals rivals = new Rivals(stage);
        Messages messages = new Messages(stage);
        Losses losses = new Losses(stage, stage.lake().state());
        Inputs inputs = new Inputs(stage);
        Sabotage sabotage = new Sabotage(stage);
        Map<String, Map<String, Trial>> kinds = new LinkedHashMap<>();
        kinds.put("landing from Kafka killed at a step", kills.ofLandings());
        kinds.put("landing from HTTP killed at a step", kills.ofHttpLandings());
        kinds.put("new date killed at a step", kills.ofNewDates());
        kinds.put("rebuilt date killed at a step", kills.ofRebuilds());
        kinds.put("intervals killed at a step", kills.ofIntervals());
        kinds.put("current or history killed at a step", kills.ofKeyed());
        if (LONG) {
            kinds.put("compaction killed at a step", kills.ofCompactions());
        } else {
            kinds.put("two tables' jobs killed at a step", kills.together());
        }
        kinds.put("killed at a random moment", kills.atRandom());
        kinds.put("frozen at a step, overtaken, thawed", rivals.frozen());
        kinds.put("two runs at once", rivals.together());
        kinds.put("Kafka's own faults", messages.ofKafka());
        if (LONG) {
            kinds.put("a server killed", losses.ofServers());
            kinds.put("a part of the storage killed", losses.ofStorageParts());
            kinds.put("a full disk", losses.ofRoom());
        }
        if (LONG) {
            kinds.put("live service killed", live.killed());
            kinds.put("storage killed under a live service", live.withoutStorage());
            kinds.put("live service frozen, overtaken, thawed", live.frozen());
            kinds.put("two live services at once", live.together());
        }
        if (!LONG) {
            // The next landing of marks would wait half a minute for the lease that this leaves.
            kinds.put("compaction killed at a step", kills.ofCompactions());
            // After it, each trial compares the tables of events, too.
            kinds.put("live service killed", live.killedWarm());
        }
        kinds.put("fuzzed messages", messages.fuzzed());
        if (LONG) {
            kinds.put("cut files in raw", Map.of("in a block and between blocks", inputs::cutFiles));
            kinds.put("speculation with a slow task", Map.of("daily", inputs::speculate));
        }
        List<DynamicTest> tests = new ArrayList<>();
        kinds.forEach((kind, trials) -> trials.forEach((name, trial) -> {
            String id = kind + ": " + name;
            tests.add(dynamicTest(id, () -> run(kind, id, trial)));
        }));
        // Last: what they break is mended again, but who minds the kit's faults should not wait for those of the lake.
        tests.add(dynamicTest("the kit sees a version shown before its commit", sabotage::showBeforeCommit));
        tests.add(dynamicTest("the kit sees a version overwritten in place", sabotage::overwriteInPlace));
        return tests.stream().filter(test -> ONLY.matcher(test.getDisplayName()).find());
    }

    private static void run(String kind, String id, Trial trial) throws Exception {
        Progress progress = stage.progress();
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
        progress.passed(id, judged());
    }

    private static long judged() {
        return stage.reader().judged() + live.judged();
    }

    /** Compares tables with what was acknowledged, the metastore with the ledgers, and judges what readers saw. */
    private static void verify() throws Exception {
        FaultLake lake = stage.lake();
        Marks marks = stage.marks();
        Audit raw = Audit.of(lake, Stage.RAW, "value.", marks.acknowledged(date -> true));
        Audit daily = Audit.of(lake, Stage.DAILY, "", marks.acknowledged(date -> date.isBefore(Stage.LANDED_ONLY)));
        Audit byInterval = Audit.of(lake, Stage.LIVE, "", marks.acknowledged(stage.byInterval()::equals));
        List<Audit> audits = new ArrayList<>(List.of(
                raw,
                daily,
                byInterval,
                Truth.ofWindows(lake, marks.acknowledged(stage.byInterval()::equals)),
                Truth.ofCurrent(lake, marks.acknowledged(Stage.KEYED::equals)),
                Truth.ofHistory(lake, marks.acknowledged(Stage.KEYED::equals))));
        audits.addAll(live.audits());
        List<String> torn = new ArrayList<>(stage.reader().faults(stage.ledgers()));
        torn.addAll(live.torn());
        Tally tally = stage.progress().tally();
        audits.forEach(tally::audit);
        tally.torn(torn.size());
        assertThat(torn).isEmpty();
        assertThat(audits).allMatch(Audit::isClean);
        try (Connection trino = lake.trino()) {
            for (String table : List.of(Stage.RAW, Stage.DAILY, Stage.HTTP, Stage.LIVE, Stage.WINDOWS)) {
                assertThat(Reader.look(trino, table).rows().keySet())
                        .isEqualTo(stage.ledgers().head(table));
            }
        }
    }
}
