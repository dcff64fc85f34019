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

    /** Less than a service that is stopped has for its last step; both begin with the signal. */
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    /** How long runs that were cancelled have to end, and answers to be sent. */
    private static final Duration ENDING = Duration.ofSeconds(5);

    /** More answers than there ever are at a time. */
    private static final int ANSWERS = Integer.MAX_VALUE;

    private static final Duration HANGING = Duration.ofMinutes(1);

    private final int size;
    private final Semaphore places;
    private final Work work;
    private final SparkContext spark;
    private final InstantSource clock;
    private final MeterRegistry meters;
    private final Runnable giveUp;
    private final Duration hanging;
    private final List<RunTask> tasks = new CopyOnWriteArrayList<>();
    private final SlotGuard guard;
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "runs-watch");
        thread.setDaemon(true);
        return thread;
    });
    private final Semaphore answers = new Semaphore(ANSWERS);
    private Optional<String> blocking = Optional.empty();
    private long blockingSince;
    private boolean refusing;
    private long deadline;

    /**
     * @param size how many runs at a time; 0 for none
     * @param giveUp ends this process: called when a run has found the memory used up, and its caller knows, or when tasks
     *     hold up all others and can't be ended
     */
    public RunPool(
            int size, Work work, SparkContext spark, InstantSource clock, MeterRegistry meters, Runnable giveUp) {
        this(size, work, spark, clock, meters, giveUp, HANGING);
    }

    /** @param hanging how long tasks may keep all others waiting */
    RunPool(
            int size,
            Work work,
            SparkContext spark,
            InstantSource clock,
            MeterRegistry meters,
            Runnable giveUp,
            Duration hanging) {
        this.size = size;
        this.places = new Semaphore(size);
        this.work = work;
        this.spark = spark;
        this.clock = clock;
        this.meters = meters;
        this.giveUp = giveUp;
        this.hanging = hanging;
        meters.gauge("igarape.live.runs.active", tasks, List::size);
        this.guard = new SlotGuard(hanging, System::nanoTime);
        spark.addSparkListener(guard);
        watch.scheduleWithFixedDelay(this::unblock, 1, 1, TimeUnit.SECONDS);
        CallerLog.install();
    }

    /** Moves a run out that holds up all others; gives up where its tasks go on all the same. Runs on the watch's thread. */
    private void unblock() {
        Optional<String> group = guard.blocking().filter(RunTask::isGroup);
        if (!group.equals(blocking)) {
            blocking = group;
            blockingSince = System.nanoTime();
            tasks.stream()
                    .filter(task -> group.equals(Optional.of(task.group())))
                    .forEach(RunPool::move);
        } else if (group.isPresent() && System.nanoTime() - blockingSince >= hanging.toNanos()) {
            LOG.error(
                    "Tasks of a run that was cancelled hold all cores and can't be ended: the service ends. Start it again"
                            + " with ./lake live start, and give that run a process of its own: IGARAPE_COLD=1 ./lake run …");
            giveUp.run();
        }
    }

    /** Moves a run on a thread of its own: its code may take its time to end. */
    private static void move(RunTask task) {
        LOG.warn(
                "A run holds all tasks, and is to go on elsewhere: {}",
                task.status().command());
        Thread thread = new Thread(
                () -> {
                    try {
                        task.move();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "runs-move");
        thread.setDaemon(true);
        thread.start();
    }

    /** How many runs it does at a time. */
    public int size() {
        return size;
    }

    /** Why it would not do a run, whether there is a place or not. */
    Optional<String> refusal(HandedRun run) {
        return work.refusal(run);
    }

    /** Why no run can begin now that {@link #start} has refused one. */
    synchronized String busy() {
        if (refusing) {
            return "The service is being stopped, and takes no more runs.";
        }
        return size == 0
                ? "The service takes no runs."
                : "The service is at work on " + size + " runs, and takes no more at a time.";
    }

    /** Begins a run, of which {@link #answered} is to be told; empty if all places are taken. */
    synchronized Optional<RunTask> start(HandedRun run) {
        if (refusing || !places.tryAcquire()) {
            return Optional.empty();
        }
        answers.acquireUninterruptibly();
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

    /** To be called when the caller of a run has its whole answer, or none any more. */
    void answered(RunTask task) {
        answers.release();
        if (task.isOutOfMemory()) {
            LOG.error(
                    "A run has used up the memory, of which other threads may have died: the service ends. Start it again"
                            + " with ./lake live start, and give that run a process of its own: IGARAPE_COLD=1 ./lake run …");
            giveUp.run();
        }
    }

    /** The runs that are under way, the oldest first. */
    public List<LiveStatus.RunStatus> status() {
        return tasks.stream().map(RunTask::status).toList();
    }

    /** Begins no more runs; the time that those under way have left is counted from now on. */
    public void refuse() {
        refuse(PATIENCE);
    }

    synchronized void refuse(Duration patience) {
        if (!refusing) {
            refusing = true;
            deadline = System.nanoTime() + patience.toNanos();
        }
    }

    /**
     * Waits for the runs that are under way, and cancels those that take too long. Returns when all have ended and their
     * callers know, or some seconds after the last was cancelled: code that can't be interrupted goes on.
     */
    @Override
    public void close() {
        if (watch.isShutdown()) {
            return;
        }
        refuse();
        try {
            for (RunTask task : tasks) {
                task.await(left(deadline()));
            }
            // All at once, and none has to wait for another to end.
            tasks.forEach(RunTask::abort);
            long end = System.nanoTime() + ENDING.toNanos();
            for (RunTask task : tasks) {
                task.cancel(left(end));
            }
            if (answers.tryAcquire(ANSWERS, left(end).toNanos(), TimeUnit.NANOSECONDS)) {
                answers.release(ANSWERS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        watch.shutdownNow();
        spark.removeSparkListener(guard);
    }

    private synchronized long deadline() {
        return deadline;
    }

    private static Duration left(long deadline) {
        return Duration.ofNanos(deadline - System.nanoTime());
    }
}
