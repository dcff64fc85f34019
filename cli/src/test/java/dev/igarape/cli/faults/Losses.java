package dev.igarape.cli.faults;

import static dev.igarape.cli.faults.Stage.DAILY;
import static dev.igarape.cli.faults.Stage.FIRST;
import static dev.igarape.cli.faults.Stage.RAW;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.igarape.cli.e2e.LakeCommand;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Servers and disks that go away under a job and come back. */
final class Losses {
    private final Stage stage;
    private final Path state;

    /** @param state the state folder of the stage's lake */
    Losses(Stage stage, Path state) {
        this.stage = stage;
        this.state = state;
    }

    Map<String, Trial> ofServers() {
        Map<String, Trial> trials = new LinkedHashMap<>();
        Random random = new Random(stage.seed() + 1);
        for (String server : List.of("storage", "kafka", "registry", "trino")) {
            for (String table : List.of(RAW, DAILY)) {
                Duration moment = Duration.ofMillis(1000 + random.nextInt(4000));
                trials.put(
                        "%s, %d ms into %s".formatted(server, moment.toMillis(), table),
                        () -> server(server, moment, table));
            }
        }
        return trials;
    }

    Map<String, Trial> ofStorageParts() {
        Map<String, Trial> trials = new LinkedHashMap<>();
        Random random = new Random(stage.seed() + 2);
        for (String part : StorageParts.NAMES) {
            Duration moment = Duration.ofMillis(1000 + random.nextInt(4000));
            trials.put("%s, after %d ms".formatted(part, moment.toMillis()), () -> part(part, moment));
        }
        return trials;
    }

    Map<String, Trial> ofRoom() {
        if (!SmallDisk.isAllowed(state.resolve("probe"))) {
            stage.progress().skips("full disks, because this machine does not let the kit mount small ones");
            return Map.of();
        }
        return Map.of("under the DataNode", this::fullDataNode, "under Spark's scratch", this::fullScratch);
    }

    private void server(String server, Duration moment, String table) throws Exception {
        LocalDate date = stage.dateOf(table);
        stage.prepare(table, date);
        stage.reader().expectOutage();
        RunningJob job = stage.start(Map.of(), table, date);
        job.isOverWithin(moment);
        stage.lake().server(server).destroyForcibly();
        stage.strike();
        // A job that did not need the server any more succeeds; otherwise it says that it can be run again.
        assertThat(job.finish()).as(job.log()).isIn(0, 4);
        stage.lake().start();
        stage.reader().settle();
        stage.run(table, date);
    }

    private void part(String part, Duration moment) throws Exception {
        stage.reader().expectOutage();
        try (StorageParts storage = stage.lake().storageInParts()) {
            for (String table : List.of(RAW, DAILY)) {
                LocalDate date = stage.dateOf(table);
                stage.prepare(table, date);
                RunningJob job = stage.start(Map.of(), table, date);
                job.isOverWithin(moment);
                storage.kill(part);
                stage.strike();
                storage.restart(part);
                // Whoever waited for the part may go on with it.
                assertThat(job.finish()).as(job.log()).isIn(0, 4);
                await().atMost(Duration.ofMinutes(2))
                        .ignoreExceptionsInstanceOf(IOException.class)
                        .until(stage.lake()::isWritable);
                stage.run(table, date);
            }
        } finally {
            stage.lake().start();
            stage.reader().settle();
        }
    }

    private void fullDataNode() throws Exception {
        stage.reader().expectOutage();
        stage.lake().stop();
        try (SmallDisk disk = SmallDisk.mountOver(state.resolve("data/storage/blocks"))) {
            stage.lake().start();
            for (String table : List.of(RAW, DAILY)) {
                LocalDate date = stage.dateOf(table);
                stage.prepare(table, date);
                disk.fill();
                LakeCommand.Result refused = stage.attempt(table, date);
                assertThat(refused.status()).as(refused.err()).isEqualTo(4);
                disk.empty();
                stage.run(table, date);
            }
            stage.lake().stop();
        }
        stage.lake().start();
        stage.reader().settle();
    }

    private void fullScratch() throws Exception {
        stage.sendAndLand(FIRST);
        stage.run(DAILY, FIRST);
        try (SmallDisk scratch = SmallDisk.mount(state.resolve("scratch"), "16k")) {
            RunningJob job =
                    stage.start(Map.of("SPARK_LOCAL_DIRS", scratch.folder().toString()), "gold.marks_daily", FIRST);
            assertThat(job.finish()).as(job.log()).isEqualTo(4);
        }
        stage.run("gold.marks_daily", FIRST);
    }
}
