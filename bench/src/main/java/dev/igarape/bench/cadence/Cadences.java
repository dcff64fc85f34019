package dev.igarape.bench.cadence;

import dev.igarape.bench.command.SparkSubmit;
import dev.igarape.bench.engine.ClickTables;
import dev.igarape.bench.engine.ColdRuns;
import dev.igarape.bench.engine.LiveEngine;
import dev.igarape.bench.harness.ScratchTarget;
import dev.igarape.bench.stream.Engine;
import dev.igarape.bench.stream.Load;
import dev.igarape.model.CommitRule;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The cadences that are compared, and their load. */
public final class Cadences {
    private static final long SEED = 13;
    private static final int RATE = 1_000;
    private static final int SECONDS = 90;
    private static final Duration WARM_UP = Duration.ofSeconds(10);
    private static final Duration QUIET = Duration.ofSeconds(180);

    /** Short, so that a benchmark of minutes has several of them. */
    private static final Duration PERIOD = Duration.ofSeconds(30);

    private static final long SIZE = 1_000_000;
    /** Without it, the rows after the last landing by size would wait for ever. */
    private static final Duration AT_LATEST = Duration.ofSeconds(60);

    private static final String EVERY = "1s";

    private Cadences() {}

    /**
     * The load of each.
     *
     * @param rate clicks a second; empty: 1,000
     * @param seconds empty: a minute and a half
     */
    public static Load load(Optional<Integer> rate, Optional<Integer> seconds) {
        return new Load(
                SEED,
                rate.orElse(RATE),
                WARM_UP,
                Duration.ofSeconds(seconds.orElse(SECONDS)),
                Duration.ZERO,
                QUIET,
                Duration.ZERO);
    }

    /** All of them, on one scratch target. */
    public static List<Engine> engines(SparkSubmit submit, ScratchTarget scratch, Path folder) {
        return List.of(
                new ColdRuns(
                        "scheduled runs, whole dates, every 30 s",
                        submit,
                        scratch,
                        folder,
                        new ClickTables(Optional.empty(), false),
                        PERIOD),
                live("event-driven, every 30 s", submit, scratch, folder, Optional.of(PERIOD), Optional.empty()),
                live("event-driven, 1 MB or 60 s", submit, scratch, folder, Optional.of(AT_LATEST), Optional.of(SIZE)),
                new LiveEngine("continuous, every 1 s", submit, scratch, folder, ClickTables.CONTINUOUS, EVERY));
    }

    private static Engine live(
            String name,
            SparkSubmit submit,
            ScratchTarget scratch,
            Path folder,
            Optional<Duration> every,
            Optional<Long> size) {
        ClickTables tables = new ClickTables(Optional.of(new CommitRule(every, size)), true);
        return new LiveEngine(name, submit, scratch, folder, tables, EVERY);
    }
}
