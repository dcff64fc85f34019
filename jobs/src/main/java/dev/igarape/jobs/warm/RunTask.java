package dev.igarape.jobs.warm;

import dev.igarape.jobs.lake.Caller;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.handover.HandedRun;
import dev.igarape.model.handover.RunOutput;
import dev.igarape.model.job.JobOption;
import dev.igarape.model.job.LiveStatus;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** A run that was handed over, on a thread and in a Spark job group of its own. */
final class RunTask {
    private static final Logger LOG = LoggerFactory.getLogger(RunTask.class);

    /** Spark shares the cores out between pools, so that the service's own steps get theirs while runs have many tasks. */
    private static final String POOL = "runs";

    private static final String GROUP = "run-";

    /** Lines that wait for a caller who reads slowly; then the run waits, as for a full pipe. */
    private static final int WAITING_LINES = 1000;

    /** A cancelled run is interrupted again after so long, in case it has caught the first one. */
    private static final Duration INSISTENCE = Duration.ofSeconds(5);

    private static final Set<String> PATHS = Set.of(JobOption.MANIFEST, JobOption.TARGET);

    private final HandedRun run;
    private final Work work;
    private final SparkContext spark;
    private final Instant since;
    private final String group = GROUP + UUID.randomUUID();
    private final BlockingQueue<RunOutput> output = new ArrayBlockingQueue<>(WAITING_LINES);
    private final Thread thread;
    private volatile boolean cancelled;
    private volatile boolean outOfMemory;
    private volatile boolean moved;

    /** @param ended called on the run's thread when all is done, before its caller knows */
    RunTask(HandedRun run, Work work, SparkContext spark, Instant since, Runnable ended) {
        this.run = run;
        this.work = work;
        this.spark = spark;
        this.since = since;
        this.thread = new Thread(
                () -> {
                    int status = ExitCode.BUG.status();
                    try {
                        status = work();
                    } finally {
                        ended.run();
                        send(RunOutput.exit(status));
                    }
                },
                group);
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private int work() {
        spark.setJobGroup(group, command(), true);
        spark.setLocalProperty("spark.scheduler.pool", POOL);
        Optional.ofNullable(run.environment().get("AIRFLOW_CTX_DAG_ID")).ifPresent(dag -> MDC.put("dag", dag));
        Optional.ofNullable(run.environment().get("AIRFLOW_CTX_DAG_RUN_ID"))
                .ifPresent(dagRun -> MDC.put("dag_run_id", dagRun));
        try (PrintWriter out = writer(RunOutput::out);
                PrintWriter err = writer(RunOutput::err);
                CallerLog.Following log = CallerLog.follow(line -> output.offer(RunOutput.err(line)))) {
            Work.Ended end = work.run(run, new Caller(run.environment(), () -> !cancelled), out, err);
            outOfMemory = end.outOfMemory();
            return end.status();
        } catch (RuntimeException | Error e) {
            LOG.error("failed", e);
            send(RunOutput.err("error: " + e));
            return ExitCode.BUG.status();
        }
    }

    private PrintWriter writer(Function<String, RunOutput> kind) {
        return new PrintWriter(new LineWriter(line -> send(kind.apply(line))), true);
    }

    private void send(RunOutput line) {
        boolean interrupted = false;
        // Nobody reads what a cancelled run says.
        while (!cancelled) {
            try {
                if (output.offer(line, 1, TimeUnit.SECONDS)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** The next line of output; empty if none has come within that time. */
    Optional<RunOutput> next(Duration wait) throws InterruptedException {
        return Optional.ofNullable(output.poll(wait.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Asks the run to end, whatever it waits for; what it has committed stays. Does not wait. */
    void abort() {
        if (thread.isAlive()) {
            if (!cancelled) {
                LOG.info("Cancelling: {}", command());
            }
            cancelled = true;
            interrupt();
        }
    }

    private void interrupt() {
        spark.cancelJobGroup(group);
        thread.interrupt();
    }

    /** Ends the run. Returns when it has ended. */
    void cancel() throws InterruptedException {
        cancel(Duration.ofDays(1));
    }

    /** Ends the run. Returns when it has ended, or after that time. */
    void cancel(Duration wait) throws InterruptedException {
        abort();
        long end = System.nanoTime() + wait.toNanos();
        while (!await(shorter(INSISTENCE, Duration.ofNanos(end - System.nanoTime()))) && System.nanoTime() < end) {
            interrupt();
        }
        // For a job that a thread of the run has begun in between.
        spark.cancelJobGroup(group);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** Ends the run here, so that its caller does it in a process of its own. */
    void move() throws InterruptedException {
        moved = true;
        cancel();
    }

    boolean isMoved() {
        return moved;
    }

    /** Whether a job group is that of a run. */
    static boolean isGroup(String group) {
        return group.startsWith(GROUP);
    }

    /** The job group of its Spark tasks. */
    String group() {
        return group;
    }

    /** Waits for its end; returns whether it has come. */
    boolean await(Duration time) throws InterruptedException {
        thread.join(Math.max(1, time.toMillis()));
        return !thread.isAlive();
    }

    boolean isCancelled() {
        return cancelled;
    }

    boolean isOutOfMemory() {
        return outOfMemory;
    }

    LiveStatus.RunStatus status() {
        return new LiveStatus.RunStatus(command(), since, cancelled);
    }

    /** The command line without the options that all runs have. */
    private String command() {
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < run.arguments().size(); i++) {
            if (PATHS.contains(run.arguments().get(i))) {
                i++;
            } else {
                shown.add(run.arguments().get(i));
            }
        }
        return String.join(" ", shown);
    }
}
