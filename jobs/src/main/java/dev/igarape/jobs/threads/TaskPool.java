package dev.igarape.jobs.threads;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Threads for the parts of one run. Once it is closed, none of its tasks runs, as in Java's structured concurrency
 * (JEP 453): a task that still wrote after its run has failed would write beside the next attempt.
 */
public final class TaskPool implements AutoCloseable {
    private final ExecutorService threads;
    private final LinkedBlockingQueue<Runnable> waiting = new LinkedBlockingQueue<>();

    /**
     * @param size number of threads, 1 or more
     * @param name of the threads
     */
    public TaskPool(int size, String name) {
        this.threads = new ThreadPoolExecutor(size, size, 0, TimeUnit.SECONDS, waiting, work -> {
            Thread thread = Executors.defaultThreadFactory().newThread(work);
            thread.setName(name);
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Starts a task as soon as a thread is free. */
    public <T> Future<T> submit(Callable<T> task) {
        return threads.submit(task);
    }

    /**
     * Waits for a task of this pool.
     *
     * @throws InterruptedException if this thread is interrupted; it stays so, and {@link #close} then interrupts the tasks
     */
    public <T> T result(Future<T> task) throws ExecutionException, InterruptedException {
        try {
            return task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw e;
        }
    }

    /**
     * Starts no more tasks, and waits for those that have started. They are not interrupted, because Spark's jobs and
     * HDFS's writers do not end well by that, unless the calling thread is: then somebody wants the run to end now.
     */
    @Override
    public void close() {
        threads.shutdown();
        waiting.clear();
        boolean interrupted = false;
        while (!threads.isTerminated()) {
            try {
                if (interrupted) {
                    threads.shutdownNow();
                }
                threads.awaitTermination(1, TimeUnit.HOURS);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
