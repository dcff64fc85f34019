package dev.igarape.cli.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.igarape.model.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * Live services that are killed and frozen at any moment while events of today come, alone and two at once. A reader of
 * their own asks all the while for the tables that they build.
 */
final class LiveServices implements AutoCloseable {
    static final List<String> TABLES = List.of(Events.RAW, Events.ROWS, Events.WINDOWS);
    /** The stack's own service. */
    private static final String WARM = "live";

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    /** Longer than a lease holds that nobody renews. */
    private static final Duration PAST_LEASE = Duration.ofSeconds(31);

    private final Stage stage;
    private final Events events;
    private final Reader reader;
    private final HttpClient http = HttpClient.newHttpClient();
    private final List<Service> services = new ArrayList<>();
    private int started;
    private boolean watched;

    /** @param process file that says where it answers */
    private record Service(RunningJob job, Path process) {}

    LiveServices(Stage stage, Events events) {
        this.stage = stage;
        this.events = events;
        this.reader = new Reader(stage.lake(), TABLES, Duration.ofMillis(100));
    }

    Map<String, Trial> killed() {
        return trials(20, 11, random -> {
            Duration moment = moment(random);
            return named("after %d ms".formatted(moment.toMillis()), () -> kill(1, moment, random));
        });
    }

    /** For the short form: kills the service that does what is not struck, and that builds tables of events besides. */
    Map<String, Trial> killedWarm() {
        return trials(1, 11, random -> {
            Duration moment = moment(random);
            return named("after %d ms".formatted(moment.toMillis()), () -> killWarm(moment, random));
        });
    }

    Map<String, Trial> withoutStorage() {
        return trials(3, 14, random -> {
            Duration moment = moment(random);
            return named("after %d ms".formatted(moment.toMillis()), () -> loseStorage(moment, random));
        });
    }

    Map<String, Trial> frozen() {
        return trials(15, 12, random -> {
            Duration moment = moment(random);
            return named("after %d ms".formatted(moment.toMillis()), () -> freeze(moment, random));
        });
    }

    Map<String, Trial> together() {
        return trials(15, 13, random -> {
            Duration moment = moment(random);
            return named("one of them killed after %d ms".formatted(moment.toMillis()), () -> kill(2, moment, random));
        });
    }

    private interface Draw {
        Map.Entry<String, Trial> from(Random random);
    }

    private static Map.Entry<String, Trial> named(String name, Trial trial) {
        return Map.entry(name, trial);
    }

    private static Duration moment(Random random) {
        return Duration.ofMillis(500 + random.nextInt(6000));
    }

    private Map<String, Trial> trials(int count, int kind, Draw draw) {
        Map<String, Trial> trials = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            // One for each: a trial left out of a resumed run changes none of the others.
            Map.Entry<String, Trial> trial = draw.from(new Random(stage.seed() + 1000L * kind + i));
            trials.put("%02d, %s".formatted(i, trial.getKey()), trial.getValue());
        }
        return trials;
    }

    /** Kills one of so many services, and starts another in its place. */
    private void kill(int count, Duration moment, Random random) throws Exception {
        ensure(count);
        try (Feed feed = Feed.start(events, random)) {
            Service victim = services.get(random.nextInt(count));
            assertThat(victim.job().isOverWithin(moment)).as(victim.job().log()).isFalse();
            victim.job().kill();
            stage.strike();
            services.remove(victim);
            start();
            awaitProgress(feed);
        }
        settle();
    }

    /** Kills the stack's own service, and starts it again. */
    private void killWarm(Duration moment, Random random) throws Exception {
        try (Feed feed = Feed.start(events, random)) {
            awaitProgress(feed);
            reader.start();
            watched = true;
            ProcessHandle victim = stage.lake().server(WARM);
            victim.onExit()
                    .completeOnTimeout(victim, moment.toMillis(), TimeUnit.MILLISECONDS)
                    .join();
            assertThat(victim.isAlive()).isTrue();
            stage.lake().kill(WARM);
            stage.strike();
            stage.lake().startWarm(TABLES);
            awaitProgress(feed);
        }
        settle();
    }

    /** Kills HDFS and the metastore under a service, which waits for them and goes on, while events come. */
    private void loseStorage(Duration moment, Random random) throws Exception {
        ensure(1);
        stage.reader().expectOutage();
        reader.expectOutage();
        try (Feed feed = Feed.start(events, random)) {
            RunningJob job = services.get(0).job();
            assertThat(job.isOverWithin(moment)).as(job.log()).isFalse();
            stage.lake().server("storage").destroyForcibly();
            stage.strike();
            stage.lake().start();
            awaitProgress(feed);
        } finally {
            reader.settle();
            stage.reader().settle();
        }
        settle();
    }

    /** Freezes one of two services until its lease has expired and the other one has gone past it. */
    private void freeze(Duration moment, Random random) throws Exception {
        ensure(2);
        try (Feed feed = Feed.start(events, random)) {
            RunningJob victim = services.get(random.nextInt(2)).job();
            assertThat(victim.isOverWithin(moment)).as(victim.log()).isFalse();
            victim.freeze();
            stage.strike();
            assertThat(victim.isOverWithin(PAST_LEASE)).isFalse();
            awaitProgress(feed);
            victim.thaw();
            awaitProgress(feed);
        }
        settle();
    }

    /** Waits until readers see more than what was acknowledged up to now. */
    private void awaitProgress(Feed feed) {
        long now = events.acknowledged(feed.producer());
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                // Servers that have just come back.
                .ignoreExceptionsInstanceOf(SQLException.class)
                .until(() -> events.shown(feed.producer()) > now);
    }

    /** Waits until the services have nothing left to do, and readers see that. */
    private void settle() {
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(500))
                // The first time, tables may not be there yet.
                .ignoreExceptionsInstanceOf(SQLException.class)
                .untilAsserted(() -> {
                    assertThat(services).allMatch(service -> service.job().isAlive());
                    assertThat(events.audits()).allMatch(audit -> audit.lost() == 0);
                    assertShown();
                });
    }

    /** Between two looks the services may put small batches together. */
    private void assertShown() throws IOException, InterruptedException, SQLException {
        try (Connection trino = stage.lake().trino()) {
            for (String table : TABLES) {
                assertThat(Reader.look(trino, table).rows().keySet())
                        .isEqualTo(stage.ledgers().head(table));
            }
        }
    }

    /** Has so many services at work, and the tables there. */
    private void ensure(int count) throws Exception {
        events.createTopic();
        while (services.size() > count) {
            stop(services.remove(services.size() - 1));
        }
        while (services.size() < count) {
            start();
        }
        if (!watched) {
            events.send(events.producer(), 0, new Random(stage.seed()));
        }
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> services.stream().allMatch(this::isReady));
        if (!watched) {
            settle();
            reader.start();
            watched = true;
        }
    }

    private void start() throws IOException {
        Path process = stage.lake().state().resolve("live-" + started++ + ".json");
        Files.deleteIfExists(process);
        services.add(new Service(stage.lake().startLive(process, TABLES), process));
    }

    private boolean isReady(Service service) {
        try {
            assertThat(service.job().isAlive()).as(service.job().log()).isTrue();
            int port = Json.mapper()
                    .readTree(service.process().toFile())
                    .path("port")
                    .asInt();
            HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/health"))
                    .build();
            return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            // It has not begun to answer.
            return false;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void stop(Service service) throws IOException, InterruptedException {
        service.job().stop();
        assertThat(service.job().finish()).as(service.job().log()).isZero();
    }

    /** What the tables have, compared with what was acknowledged; nothing before the first trial. */
    List<Audit> audits() throws IOException, SQLException {
        return watched ? events.audits() : List.of();
    }

    /** Faults in what its reader saw since the last call, in words. */
    List<String> torn() throws IOException, InterruptedException {
        return reader.faults(stage.ledgers());
    }

    /** How many answers of its reader were judged. */
    long judged() {
        return reader.judged();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        reader.close();
        for (Service service : services) {
            // What they are at is not looked at any more.
            service.job().kill();
        }
    }
}
