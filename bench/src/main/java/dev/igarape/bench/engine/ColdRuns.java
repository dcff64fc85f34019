package dev.igarape.bench.engine;

import dev.igarape.bench.command.SparkSubmit;
import dev.igarape.bench.harness.ScratchTarget;
import dev.igarape.bench.stream.ClickTopic;
import dev.igarape.bench.stream.Engine;
import dev.igarape.bench.stream.WindowsTable;
import dev.igarape.model.job.JobCommand;
import dev.igarape.model.job.JobOption;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Runs of the last dates, each in a process of its own, as {@code ./lake run} and Airflow start them.
 *
 * @param every from the beginning of a run to that of the next, unless one takes longer; the first begins after it
 */
public record ColdRuns(
        String name, SparkSubmit submit, ScratchTarget scratch, Path folder, ClickTables tables, Duration every)
        implements Engine {
    private static final int LATEST_DAYS = 2;

    @Override
    public Running start(ClickTopic topic) throws Exception {
        scratch.clear();
        Path manifest = tables.manifest(submit.manifest(), topic.name(), folder);
        Schedule schedule = new Schedule(manifest);
        schedule.thread.setDaemon(true);
        schedule.thread.start();
        return schedule;
    }

    /** Starts the runs, in a thread of its own. */
    private final class Schedule implements Running {
        private final Path manifest;
        private final CountDownLatch stopped = new CountDownLatch(1);
        private final Thread thread = new Thread(this::runs, "cold-runs");
        private double cpu;
        private Optional<Exception> failure = Optional.empty();

        Schedule(Path manifest) {
            this.manifest = manifest;
        }

        private void runs() {
            long next = System.nanoTime() + every.toNanos();
            try {
                while (!stopped.await(next - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    run();
                    next = Math.max(next + every.toNanos(), System.nanoTime());
                }
            } catch (IOException | IllegalStateException e) {
                failed(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Builds the dates that rows come for: today, and those of late ones. */
        private synchronized void run() throws IOException, InterruptedException {
            LocalDate today = LocalDate.now(ZoneOffset.UTC);
            ProcessBuilder process = submit.process(List.of(
                    "--class",
                    JobCommand.MAIN_CLASS,
                    submit.jar().toString(),
                    JobCommand.RUN.commandName(),
                    JobOption.MANIFEST,
                    manifest.toString(),
                    JobOption.TARGET,
                    scratch.file().toString(),
                    JobOption.TABLES,
                    ClickTables.names(),
                    JobOption.FROM,
                    today.minusDays(LATEST_DAYS).toString(),
                    JobOption.TO,
                    today.plusDays(1).toString()));
            cpu += TimedProcess.run(process, folder.resolve("cold-run"));
        }

        private synchronized void failed(Exception e) {
            failure = Optional.of(e);
        }

        @Override
        public WindowsTable table() {
            return tables.windows(scratch);
        }

        /** Waits for the run that is under way. */
        @Override
        public synchronized double cpuSeconds() {
            if (failure.isPresent()) {
                throw new IllegalStateException("A run failed", failure.get());
            }
            return cpu;
        }

        @Override
        public long commits() throws IOException {
            return ClickTables.commits(scratch);
        }

        @Override
        public void close() throws Exception {
            stopped.countDown();
            thread.join();
            scratch.clear();
        }
    }
}
