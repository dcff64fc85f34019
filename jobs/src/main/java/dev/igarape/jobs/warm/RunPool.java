package dev.igarape.jobs.warm;

import dev.igarape.model.handover.HandedRun;
import dev.igarape.model.job.LiveStatus;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does runs that are handed over, a few at a time; when all places are taken, a caller has to do its run itself. */
public final class RunPool implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunPool.class);

    /** Less than a service that is stopped has for its last step. */
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private static final Duration HANGING = Duration.ofMinutes(1);

    private final int size;
    private final Semaphore places;
    private final Work work;
    private final SparkContext spark;
    private final InstantSource clock;
    private final MeterRegistry meters;
    private final Runnable memoryLost;
    private final List<RunTask> tasks = new CopyOnWriteArrayList<>();
    private final SlotGuard guard;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "runs-watch");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean closed;

    /**
     * @param size how many runs at a time; 0 for none
     * @param memoryLost ends this process: called when a run has found the memory used up, and its caller knows
     */
    public RunPool(
            int size, Work work, SparkContext spark, InstantSource clock, MeterRegistry meters, Runnable memoryLost) {
        this(size, work, spark, clock, meters, memoryLost, HANGING);
    }

    /** @param hanging how long tasks may keep all others waiting */
    RunPool(
            int size,
            Work work,
            SparkContext spark,
            InstantSource clock,
            MeterRegistry meters,
            Runnable memoryLost,
            Duration hanging) {
        this.size = size;
        this.places = new Semaphore(size);
        this.work = work;
        this.spark = spark;
        this.clock = clock;
        this.meters = meters;
        this.memoryLost = memoryLost;
        meters.gauge("igarape.live.runs.active", tasks, List::size);
        this.guard = new SlotGuard(hanging, System::nanoTime);
        spark.addSparkListener(guard);
        watch.scheduleWithFixedDelay(this::moveBlocking, 1, 1, TimeUnit.SECONDS);
        CallerLog.install();
    }

    /** Moves a run out that holds up all others. */
    private void moveBlocking() {
        guard.blocking()
                .ifPresent(group -> tasks.stream()
                        .filter(task -> task.group().equals(group))
                        .forEach(task -> {
                            try {
                                LOG.warn(
                                        "A run holds all tasks, and is to go on elsewhere: {}",
                                        task.status().command());
                                task.move();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                        }));
    }

    /** How many runs it does at a time. */
    public int size() {
        return size;
    }

    /** Why it would not do a run, whether there is a place or not. */
    Optional<String> refusal(HandedRun run) {
        return work.refusal(run);
    }

    /** Begins a run; empty if all places are taken. */
    Optional<RunTask> start(HandedRun run) {
        if (closed || !places.tryAcquire()) {
            return Optional.empty();
        }
        RunTask[] started = new RunTask[1];
        RunTask task = new RunTask(run, work, spark, clock.instant(), () -> {
            tasks.remove(started[0]);
            places.release();
        });
        started[0] = task;
        tasks.add(task);
        task.start();
        return Optional.of(task);
    }

    /** Counts what became of a request. */
    void count(String result) {
        meters.counter("igarape.live.runs", "result", result).increment();
    }

    /** To be called when the caller of a run has its whole answer. */
    void answered(RunTask task) {
        if (task.isOutOfMemory()) {
            LOG.error(
                    "A run has used up the memory, of which other threads may have died: the service ends. Start it again"
                            + " with ./lake live start, and give that run a process of its own: IGARAPE_COLD=1 ./lake run …");
            memoryLost.run();
        }
    }

    /** The runs that are under way, the oldest first. */
    public List<LiveStatus.RunStatus> status() {
        return tasks.stream().map(RunTask::status).toList();
    }

    /** Begins no more runs, waits for those that are under way, and cancels those that take too long. */
    @Override
    public void close() {
        close(PATIENCE);
    }

    void close(Duration patience) {
        closed = true;
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            for (RunTask task : tasks) {
                if (!task.await(Duration.ofNanos(deadline - System.nanoTime()))) {
                    task.cancel();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        watch.shutdownNow();
        spark.removeSparkListener(guard);
    }
}
