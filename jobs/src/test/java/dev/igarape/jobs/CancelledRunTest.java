package dev.igarape.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.lake.Caller;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.testing.EventsLake;
import dev.igarape.model.Json;
import dev.igarape.model.Manifest;
import dev.igarape.model.Pipeline;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.targets.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run does whose caller has gone away. */
final class CancelledRunTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void write() throws IOException {
        Pipeline pipeline = new Pipeline(
                "example",
                "",
                "tests",
                "@daily",
                LocalDate.parse("2017-01-01"),
                ZoneOffset.UTC,
                List.of(),
                List.of(EventsLake.tables()));
        Target target = new Target(
                "test", "", "file://" + folder, "/lake", "", Map.of(), Map.of(), "jdbc:trino://x", "lake", Map.of());
        Json.mapper()
                .writeValue(
                        folder.resolve("manifest.json").toFile(), new Manifest(Manifest.VERSION, List.of(pipeline)));
        Json.mapper().writeValue(folder.resolve("target.json").toFile(), target);
    }

    @Test
    void maintenanceLeavesTheTablesWhoseTurnHasNotCome() {
        AtomicBoolean waiting = new AtomicBoolean(true);
        assertThat(rollBack(new Host(
                        new Caller(Map.of(), waiting::get),
                        id -> {
                            throw new AssertionError("needs no session");
                        },
                        failure -> waiting.set(false))))
                .isEqualTo(ExitCode.UNAVAILABLE.status());
        assertThat(err.toString().lines()).hasSize(2);
        assertThat(err.toString()).contains("Cannot roll back trusted.events", "error: This run was cancelled.");
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void nothingIsCommittedAnyMoreButWhatIsGetsPublished() {
        AtomicBoolean waiting = new AtomicBoolean(true);
        List<Step> reached = new ArrayList<>();
        Step.Listener steps = LakeOptions.whileWaiting(new Caller(Map.of(), waiting::get), reached::add);
        steps.reached(Step.PREPARED);
        waiting.set(false);
        assertThatThrownBy(() -> steps.reached(Step.PREPARED))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("This run was cancelled");
        for (Step step : List.of(Step.COMMITTED, Step.LEASED, Step.ALTERED, Step.ADDED, Step.PUBLISHED)) {
            steps.reached(step);
        }
        assertThat(reached).endsWith(Step.PUBLISHED);
    }

    private int rollBack(Host host) {
        return Main.run(
                host,
                new PrintWriter(out, true),
                new PrintWriter(err, true),
                "rollback",
                "--manifest",
                folder.resolve("manifest.json").toString(),
                "--target",
                folder.resolve("target.json").toString(),
                "--tables",
                EventsLake.TRUSTED + "," + EventsLake.GOLD,
                "--date",
                "2024-01-01");
    }
}
