package dev.igarape.bench.command;

import dev.igarape.bench.harness.Candidate;
import dev.igarape.bench.harness.Checksum;
import dev.igarape.bench.harness.Comparison;
import dev.igarape.bench.harness.ScratchTarget;
import dev.igarape.model.handover.WarmRuns;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/** A live service on a scratch target, and the build of one small date that is handed to it. */
public final class WarmService implements Candidate, AutoCloseable {
    /** A table in whose turns there is nothing to do. */
    private static final String IDLE = "raw.landed_insights";

    private static final Duration START = Duration.ofMinutes(3);
    private static final long POLL_MILLIS = 200;

    private final SparkSubmit submit;
    private final ScratchTarget scratch;
    private final Process process;
    private final WarmRuns runs;

    private WarmService(SparkSubmit submit, ScratchTarget scratch, Process process, Path stateFile) {
        this.submit = submit;
        this.scratch = scratch;
        this.process = process;
        this.runs = new WarmRuns(stateFile, submit.jar(), Map.of(), System.err::println);
    }

    /** Starts a service as {@code ./lake live start} does, and waits until it takes runs. */
    public static WarmService start(SparkSubmit submit, ScratchTarget scratch, Path folder)
            throws IOException, InterruptedException {
        Path stateFile = folder.resolve("warm-process.json");
        Files.deleteIfExists(stateFile);
        Process process =
                submit.start(JobCommand.LIVE, scratch.file(), IDLE, JobOption.STATE_FILE, stateFile.toString());
        long deadline = System.nanoTime() + START.toNanos();
        while (Files.notExists(stateFile)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.destroy();
                throw new IllegalStateException("the live service does not start");
            }
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
        return new WarmService(submit, scratch, process, stateFile);
    }

    /** This service, for which the input of all rounds is landed, against a {@code spark-submit} for each run. */
    public Comparison comparison(ScratchTarget cold, int rounds) throws IOException, InterruptedException {
        StartCandidate.land(submit, scratch, rounds);
        return new Comparison("warm", this, new StartCandidate(submit, cold, rounds), 4);
    }

    @Override
    public String name() {
        return "in the live service";
    }

    @Override
    public void run(int round) {
        OptionalInt status = runs.run(
                List.of(
                        JobCommand.RUN.commandName(),
                        JobOption.MANIFEST,
                        submit.manifest().toString(),
                        JobOption.TARGET,
                        scratch.file().toString(),
                        JobOption.TABLES,
                        StartCandidate.TABLE,
                        JobOption.DATE,
                        StartCandidate.day(round)),
                submit.manifest(),
                line -> {},
                System.err::println);
        if (status.isEmpty() || status.getAsInt() != 0) {
            throw new IllegalStateException("the live service's run ended with " + status);
        }
    }

    @Override
    public Checksum checksum(int round) throws SQLException {
        return scratch.checksum(StartCandidate.TABLE, StartCandidate.day(round), StartCandidate.day(round + 1));
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
