package dev.igarape.bench.stream;

import dev.igarape.bench.stream.Engine.Running;
import java.io.PrintStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/** Sends clicks, watches how they become visible, and compares the table in the end with the truth. */
public final class Measurement {
    private static final Duration BATCH = Duration.ofMillis(100);
    private static final int BATCHES_PER_SECOND = 10;
    private static final Duration LONGEST_WARM_UP = Duration.ofMinutes(3);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    /** Windows that the poller asks for begin at most so long before the first click. */
    private static final Duration OLDEST = Duration.ofMinutes(6);

    private final Load load;
    private final ApiClient api;
    private final Clock clock;
    private final PrintStream progress;
    private final Truth truth = new Truth();

    public Measurement(Load load, ApiClient api, Clock clock, PrintStream progress) {
        this.load = load;
        this.api = api;
        this.clock = clock;
        this.progress = progress;
    }

    /** Measures an engine that has just been started. An instance does this once. */
    public Measured measure(String name, Running engine, ClickTopic topic) throws Exception {
        Visibility visibility = new Visibility(clock.instant().minus(OLDEST));
        ClickGenerator clicks = new ClickGenerator(load.seed());
        WindowsTable table = engine.table();
        progress.printf("%s: warm-up%n", name);
        try (Connection trino = table.scratch().connect();
                WindowPoller poller = WindowPoller.start(table, visibility, clock)) {
            warmUp(clicks, topic, visibility);
            double cpuBefore = engine.cpuSeconds();
            long commitsBefore = engine.commits();
            long begin = System.nanoTime();
            long failuresBefore = poller.failures();
            long answersBefore = poller.answers();
            progress.printf("%s: %,d clicks%n", name, load.clicks());
            send(clicks, topic, visibility, load.length());
            long failures = poller.failures() - failuresBefore;
            long answers = poller.answers() - answersBefore;
            progress.printf("%s: waiting for the last%n", name);
            sendLast(topic);
            double cpu = settle(engine, trino) - cpuBefore;
            poller.close();
            Map<Click.Group, Long> rows = table.rows(trino);
            visibility.answered(byWindow(rows), System.nanoTime());
            return new Measured(
                    name,
                    truth.clicks(),
                    clicks.late(),
                    clicks.doubled(),
                    truth.compare(rows),
                    visibility.delays(begin),
                    cpu * 1_000 / load.clicks(),
                    idleShare(engine),
                    engine.commits() - commitsBefore,
                    answers,
                    failures);
        }
    }

    private void sendLast(ClickTopic topic) throws Exception {
        if (!load.last().isZero()) {
            pause(load.last());
            Click last = new Click(clock.instant(), WindowsTable.LAST_USER, "/", "view");
            api.post(topic.name(), List.of(last)).get();
        }
    }

    /** Sends clicks until it is warm; longer if nothing is visible yet, as on a slow machine. */
    private void warmUp(ClickGenerator clicks, ClickTopic topic, Visibility visibility) throws Exception {
        send(clicks, topic, visibility, load.warmUp());
        for (int more = 0; !load.warmUp().isZero() && !visibility.any() && more < LONGEST_WARM_UP.toSeconds(); more++) {
            send(clicks, topic, visibility, Duration.ofSeconds(1));
        }
    }

    private void send(ClickGenerator clicks, ClickTopic topic, Visibility visibility, Duration length)
            throws Exception {
        List<CompletableFuture<Void>> sent = new ArrayList<>();
        long begin = System.nanoTime();
        for (int batch = 1; batch <= length.toSeconds() * BATCHES_PER_SECOND; batch++) {
            LockSupport.parkNanos(begin + batch * BATCH.toNanos() - System.nanoTime());
            List<Click> next = clicks.next(clock.instant(), BATCH, load.rate() / BATCHES_PER_SECOND);
            sent.add(api.post(topic.name(), next).thenRun(() -> {
                long now = System.nanoTime();
                next.forEach(click -> {
                    truth.add(click);
                    visibility.acknowledged(click, now);
                });
            }));
        }
        CompletableFuture.allOf(sent.toArray(new CompletableFuture<?>[0])).get();
    }

    /** Waits until the table counts all clicks or has not changed for long; returns the CPU time when it last changed. */
    private double settle(Running engine, Connection trino) throws Exception {
        long changed = System.nanoTime();
        long count = -1;
        double cpu = engine.cpuSeconds();
        while (count != truth.clicks()
                && System.nanoTime() - changed < load.quiet().toNanos()) {
            long now = count(engine.table(), trino, count);
            if (now != count) {
                count = now;
                changed = System.nanoTime();
                cpu = engine.cpuSeconds();
            }
            pause(BETWEEN_LOOKS);
        }
        return cpu;
    }

    private static long count(WindowsTable table, Connection trino, long before) {
        try {
            return table.clicks(trino);
        } catch (SQLException e) {
            // As in the poller: what can't be read now is read with the next look.
            return before;
        }
    }

    private double idleShare(Running engine) throws Exception {
        if (load.idle().isZero()) {
            return Double.NaN;
        }
        progress.printf("nothing comes for %d s%n", load.idle().toSeconds());
        double before = engine.cpuSeconds();
        pause(load.idle());
        return (engine.cpuSeconds() - before) / load.idle().toSeconds();
    }

    private static Map<Instant, Long> byWindow(Map<Click.Group, Long> rows) {
        Map<Instant, Long> counts = new HashMap<>();
        rows.forEach((group, count) -> counts.merge(group.start(), count, Long::sum));
        return counts;
    }

    private static void pause(Duration length) throws InterruptedException {
        Thread.sleep(length.toMillis());
    }
}
