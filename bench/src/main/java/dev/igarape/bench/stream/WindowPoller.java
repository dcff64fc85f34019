package dev.igarape.bench.stream;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Asks Trino over and over for the recent windows, and notes when each answer has come. */
final class WindowPoller implements AutoCloseable {
    /** Between the beginnings of two queries, unless one takes longer. */
    private static final Duration EVERY = Duration.ofMillis(200);

    private final WindowsTable table;
    private final Visibility visibility;
    private final Clock clock;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Thread thread = new Thread(this::poll, "poller");
    private long answers;
    private long failures;
    private Optional<SQLException> last = Optional.empty();

    private WindowPoller(WindowsTable table, Visibility visibility, Clock clock) {
        this.table = table;
        this.visibility = visibility;
        this.clock = clock;
    }

    static WindowPoller start(WindowsTable table, Visibility visibility, Clock clock) {
        WindowPoller poller = new WindowPoller(table, visibility, clock);
        poller.thread.setDaemon(true);
        poller.thread.start();
        return poller;
    }

    private void poll() {
        try (Connection trino = table.scratch().connect()) {
            while (stopped.getCount() > 0) {
                long begin = System.nanoTime();
                ask(trino);
                stopped.await(EVERY.toNanos() - (System.nanoTime() - begin), TimeUnit.NANOSECONDS);
            }
        } catch (SQLException e) {
            failed(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A query fails where there is no table yet, or where a file is not whole; the next answer counts. */
    private void ask(Connection trino) {
        try {
            visibility.answered(table.recent(trino, clock.instant()), System.nanoTime());
            answered();
        } catch (SQLException e) {
            failed(e);
        }
    }

    private synchronized void answered() {
        answers++;
    }

    private synchronized void failed(SQLException e) {
        failures++;
        last = Optional.of(e);
    }

    synchronized long answers() {
        return answers;
    }

    synchronized long failures() {
        return failures;
    }

    /** Why the last query that failed did. */
    synchronized Optional<SQLException> lastFailure() {
        return last;
    }

    @Override
    public void close() throws InterruptedException {
        stopped.countDown();
        thread.join();
    }
}
