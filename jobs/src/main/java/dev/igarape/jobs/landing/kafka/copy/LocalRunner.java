package dev.igarape.jobs.landing.kafka.copy;

import dev.igarape.jobs.landing.kafka.offsets.OffsetRange;
import dev.igarape.jobs.threads.TaskPool;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;

/**
 * Lands ranges with threads of this process; faster than Spark for small amounts, because Spark takes time to start.
 */
public final class LocalRunner implements RangeRunner {
    private static final String ATTEMPT = "local";

    private final Configuration hadoop;
    private final int threads;
    private final Consumers consumers;

    /**
     * @param threads 1 or more
     * @param consumers used for all ranges
     */
    public LocalRunner(Configuration hadoop, int threads, Consumers consumers) {
        this.consumers = consumers;
        this.hadoop = hadoop;
        this.threads = threads;
    }

    @Override
    public List<RangeResult> land(LandingJob job, List<OffsetRange> ranges) {
        Queue<Integer> waiting = new ConcurrentLinkedQueue<>();
        List<RangeResult> results = new ArrayList<>();
        for (int i = 0; i < ranges.size(); i++) {
            waiting.add(i);
            results.add(null);
        }
        int workers = Math.min(threads, ranges.size());
        if (workers <= 1) {
            work(job, ranges, waiting, results);
            return List.copyOf(results);
        }
        try (TaskPool pool = new TaskPool(workers, "landing")) {
            List<Future<Void>> running = new ArrayList<>();
            for (int i = 0; i < workers; i++) {
                running.add(pool.submit(() -> {
                    work(job, ranges, waiting, results);
                    return null;
                }));
            }
            for (Future<Void> worker : running) {
                pool.result(worker);
            }
            return List.copyOf(results);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof LakeException known ? known : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LakeException(ExitCode.UNAVAILABLE, "Cannot go on landing: interrupted. Run again.", e);
        }
    }

    /** Lands what waits; when a range fails, no thread takes another one. */
    private void work(LandingJob job, List<OffsetRange> ranges, Queue<Integer> waiting, List<RangeResult> results) {
        if (waiting.isEmpty()) {
            return;
        }
        try (RangeLander lander = job.lander(consumers)) {
            for (Integer next = waiting.poll(); next != null; next = waiting.poll()) {
                RangeResult result = job.attempt(lander, ranges.get(next), ATTEMPT, hadoop);
                synchronized (results) {
                    results.set(next, result);
                }
            }
        } finally {
            // Empty already, unless a range has failed.
            waiting.clear();
        }
    }
}
