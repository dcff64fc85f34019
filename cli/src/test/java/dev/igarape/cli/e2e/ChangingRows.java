package dev.igarape.cli.e2e;

import static org.awaitility.Awaitility.await;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Changes rows of the table {@code struck} all the while, in transactions of some statements: new rows, updates that leave a large
 * value as it is, deletions and changes of keys. A transaction that the database does not answer may be made or not; the next
 * one goes on as soon as the database does.
 */
final class ChangingRows implements AutoCloseable {
    private static final int STATEMENTS = 5;
    private static final long RETRY_MILLIS = 100;
    /** That the machine has time for others. */
    private static final String PAUSE = "SELECT pg_sleep(0.02)";

    private final Callable<Connection> database;
    private final Random random;
    private final AtomicInteger committed = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread writer = new Thread(this::write, "changing rows");
    private long next = 1_000;

    ChangingRows(Callable<Connection> database, long seed) {
        this.database = database;
        this.random = new Random(seed);
        writer.start();
    }

    /** Waits until so many more transactions were made. */
    void awaitMore(int transactions) {
        int wanted = committed.get() + transactions;
        await().atMost(Duration.ofMinutes(2)).until(() -> committed.get() >= wanted);
    }

    private void write() {
        while (closed.getCount() > 0) {
            try (Connection connection = database.call();
                    Statement statement = connection.createStatement()) {
                connection.setAutoCommit(false);
                while (closed.getCount() > 0) {
                    for (int i = 0; i < STATEMENTS; i++) {
                        statement.execute(change());
                    }
                    connection.commit();
                    committed.incrementAndGet();
                    statement.execute(PAUSE);
                }
                connection.commit();
            } catch (SQLException e) {
                // Killed; what was not answered may be made or not.
                waitForTheServer();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private void waitForTheServer() {
        try {
            closed.await(RETRY_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private String change() {
        String some = "(SELECT id FROM struck WHERE id > 0 ORDER BY md5(id::text || '%d') LIMIT 1)".formatted(next);
        int kind = random.nextInt(100);
        if (kind < 50) {
            return "INSERT INTO struck VALUES (%d, repeat('note %d ', %d), %d, now())"
                    .formatted(next++, next, random.nextInt(2_000), random.nextInt(1_000));
        }
        if (kind < 80) {
            return "UPDATE struck SET amount = %d, at = now() WHERE id = %s".formatted(random.nextInt(1_000), some);
        }
        if (kind < 92) {
            return "DELETE FROM struck WHERE id = " + some;
        }
        // A large value that comes with a new key is told by nobody: see the page on tables of captured changes.
        return "UPDATE struck SET id = %d WHERE length(note) < 1000 AND id = %s".formatted(next++, some);
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            writer.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
