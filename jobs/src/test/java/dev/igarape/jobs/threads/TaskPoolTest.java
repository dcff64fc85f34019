package dev.igarape.jobs.threads;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TaskPoolTest {
    private final CountDownLatch started = new CountDownLatch(1);
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicBoolean ranOn = new AtomicBoolean();
    private final AtomicBoolean interrupted = new AtomicBoolean();

    @Test
    void waitsForStartedTasksWhenOneHasFailed() {
        assertThatThrownBy(() -> {
                    try (TaskPool pool = new TaskPool(2, "test")) {
                        pool.submit(this::runsUntilClosed);
                        started.await();
                        Future<Object> failed = pool.submit(() -> {
                            throw new IllegalStateException("broken");
                        });
                        failed.get();
                    }
                })
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("broken");
        closed.countDown();

        assertThat(ranOn).isFalse();
        assertThat(interrupted).isFalse();
    }

    @Test
    void startsNoTaskOnceClosed() throws InterruptedException {
        AtomicBoolean second = new AtomicBoolean();
        try (TaskPool pool = new TaskPool(1, "test")) {
            pool.submit(this::runsUntilClosed);
            pool.submit(() -> {
                second.set(true);
                return null;
            });
            started.await();
        }
        closed.countDown();

        assertThat(ranOn).isFalse();
        assertThat(second).isFalse();
    }

    @Test
    void interruptsTasksWhenItIsInterrupted() {
        Thread caller = Thread.currentThread();
        assertThatThrownBy(() -> {
                    try (TaskPool pool = new TaskPool(2, "test")) {
                        Future<Object> running = pool.submit(this::runsUntilInterrupted);
                        pool.submit(() -> {
                            started.await();
                            caller.interrupt();
                            return null;
                        });
                        pool.result(running);
                    }
                })
                .isInstanceOf(InterruptedException.class);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(interrupted).isTrue();
    }

    private Object runsUntilInterrupted() {
        started.countDown();
        try {
            closed.await();
        } catch (InterruptedException e) {
            interrupted.set(true);
        }
        return closed;
    }

    /** Ends by itself after a while, or tells that the pool was closed before it did. */
    private Void runsUntilClosed() {
        started.countDown();
        try {
            ranOn.set(closed.await(500, TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            interrupted.set(true);
        }
        return null;
    }
}
