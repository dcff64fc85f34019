package dev.igarape.cli.demo;

import dev.igarape.cli.base.Progress;
import dev.igarape.cli.query.OutputFormat;
import dev.igarape.cli.query.TrinoClient;
import dev.igarape.cli.topic.LoadGenerator;
import dev.igarape.cli.topic.RateLimiter;
import dev.igarape.model.Pipeline;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.ViewDefinition;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.LiveStatus;
import dev.igarape.model.targets.Target;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * The demo's last act: events come at a steady rate while the live service runs, and its status and a query on Trino show
 * that they are counted seconds later.
 */
public final class LiveDemo {
    private static final int EVENTS = 2000;
    private static final double RATE = 200;
    private static final int SEED = 7;
    private static final int ROWS = 5;
    private static final Duration BETWEEN_VIEWS = Duration.ofSeconds(3);
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private final Target target;
    private final LoadGenerator generator;
    private final Supplier<LiveStatus> service;
    private final View view;
    private final Progress progress;

    /** Prints what the service does. */
    @FunctionalInterface
    public interface View {
        /** Prints a status as of a moment. */
        void print(LiveStatus status, PrintWriter out, Instant now);
    }

    /** @param service asked for its status; it must run */
    public LiveDemo(
            Target target, LoadGenerator generator, Supplier<LiveStatus> service, View view, Progress progress) {
        this.target = target;
        this.generator = generator;
        this.service = service;
        this.view = view;
        this.progress = progress;
    }

    /** What is shown of a pipeline. */
    private record Scene(String topic, TableName last, TableName shown) {}

    /** Whether a pipeline has tables that are built by intervals from a topic. */
    public static boolean fits(Pipeline pipeline) {
        return scene(pipeline).isPresent();
    }

    private static Optional<Scene> scene(Pipeline pipeline) {
        Optional<String> topic = pipeline.tables().stream()
                .flatMap(table -> table.definition().kafka().map(Source.Kafka::topics).stream())
                .flatMap(List::stream)
                .findFirst();
        Optional<TableName> last = pipeline.tables().stream()
                .filter(table -> table.interval().isPresent())
                .map(Table::name)
                .reduce((first, second) -> second);
        return topic.flatMap(name -> last.map(table -> new Scene(name, table, viewOf(pipeline, table))));
    }

    /** The view of a table that a pipeline has for people, or the table itself. */
    private static TableName viewOf(Pipeline pipeline, TableName table) {
        return pipeline.tables().stream()
                .filter(other -> other.definition() instanceof ViewDefinition)
                .filter(other ->
                        other.inputs().stream().anyMatch(input -> input.table().equals(table)))
                .map(Table::name)
                .findFirst()
                .orElse(table);
    }

    /**
     * Sends events, and shows the service and Trino until all of them are counted.
     *
     * @throws LakeException UNAVAILABLE if they are not counted within minutes
     */
    public void run(Pipeline pipeline, PrintWriter out) {
        Scene scene = scene(pipeline).orElseThrow();
        CompletableFuture<Instant> sent = CompletableFuture.supplyAsync(() -> {
            RateLimiter limiter = RateLimiter.of(Optional.empty(), Optional.of(RATE));
            generator.send(scene.topic(), EVENTS, limiter, new Random(SEED));
            return Instant.now();
        });
        progress.step("Sending %d events to %s, %.0f a second".formatted(EVENTS, scene.topic(), RATE));
        Instant end = Instant.now().plus(PATIENCE);
        TrinoClient trino = new TrinoClient(target);
        do {
            if (Instant.now().isAfter(end)) {
                throw new LakeException(
                        ExitCode.UNAVAILABLE,
                        "%s does not have all events after %d minutes. ./lake live status tells what holds it up, ./lake logs live why."
                                .formatted(scene.last(), PATIENCE.toMinutes()));
            }
            pause();
            out.println();
            view.print(service.get(), out, Instant.now());
            print(scene.shown(), trino, out);
        } while (!counted(scene, sent));
        progress.step("All %d events are in %s".formatted(EVENTS, scene.last()));
    }

    /** Whether the last table has everything that was in the topic when the last event was sent. */
    private boolean counted(Scene scene, CompletableFuture<Instant> sent) {
        if (!sent.isDone()) {
            return false;
        }
        Instant last = result(sent);
        Instant now = Instant.now();
        return service.get().tables().stream()
                .filter(table -> table.table().equals(scene.last()))
                .flatMap(table -> table.ageSeconds().stream())
                .anyMatch(age -> now.minusMillis((long) (age * 1000)).isAfter(last));
    }

    private static Instant result(CompletableFuture<Instant> sent) {
        try {
            return sent.get(0, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof LakeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private static void pause() {
        try {
            new CountDownLatch(1).await(BETWEEN_VIEWS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void print(TableName table, TrinoClient trino, PrintWriter out) {
        String name = target.database(table.layer()) + "." + table.name();
        out.printf("%n%s, the newest%n", name);
        OutputFormat.TABLE.write(
                trino.query("SELECT * FROM %s ORDER BY 1 DESC, 2, 3 LIMIT %d".formatted(name, ROWS)), out);
        out.flush();
    }
}
