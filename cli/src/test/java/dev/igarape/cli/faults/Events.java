package dev.igarape.cli.faults;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.model.Json;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/** Sends events of a day that is not over through the HTTP API, and remembers which of them it has acknowledged. */
final class Events {
    static final String RAW = "raw.events";
    /** By intervals, row by row. */
    static final String ROWS = "trusted.events";
    /** By intervals, in windows of {@link #WINDOW_SECONDS}. */
    static final String WINDOWS = "gold.events_windows";

    private static final String TOPIC = "events";
    private static final long WINDOW_SECONDS = 5;
    private static final int BATCH = 10;
    private static final String SCHEMA = """
            {"type": "record", "name": "event", "fields": [
              {"name": "producer", "type": "int"},
              {"name": "sequence", "type": "long"},
              {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}}]}""";

    private final FaultLake lake;
    private final Path file;
    private final HttpClient http = HttpClient.newHttpClient();
    /** Events acknowledged, by producer and by the start of their window in seconds since the epoch. */
    private final Map<Integer, Map<Long, Long>> acknowledged = new HashMap<>();

    private boolean made;

    /**
     * @param file keeps what was acknowledged
     * @param resume go on with what the file says
     */
    Events(FaultLake lake, Path file, boolean resume) throws IOException {
        this.lake = lake;
        this.file = file;
        if (resume && Files.exists(file)) {
            acknowledged.putAll(
                    Json.mapper().readValue(file.toFile(), Notes.class).acknowledged());
            made = true;
        }
    }

    /** Makes the topic, if it is not there. */
    void createTopic() throws IOException, ExecutionException, InterruptedException {
        if (made) {
            return;
        }
        try (Admin admin = Admin.create(new HashMap<>(lake.target().kafka()))) {
            admin.createTopics(Set.of(new NewTopic(TOPIC, 2, (short) 1))).all().get();
        }
        HttpResponse<String> registered = lake.api().post("/v1/schemas/" + TOPIC + "-value", SCHEMA);
        if (registered.statusCode() / 100 != 2) {
            throw new IOException(registered.body());
        }
        made = true;
    }

    /** A new producer's number. */
    synchronized int producer() {
        int producer = acknowledged.size();
        acknowledged.put(producer, new HashMap<>());
        return producer;
    }

    /**
     * Sends a few events, of this moment, of the last hour and, rarely, of the last hour of the day before; all are acknowledged when it
     * returns.
     *
     * @param sequence of the first one
     * @return the sequence of the next one
     */
    long send(int producer, long sequence, Random random) throws IOException, InterruptedException {
        List<Instant> times = new ArrayList<>();
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < BATCH; i++) {
            Instant at = time(random).truncatedTo(ChronoUnit.MILLIS);
            times.add(at);
            lines.append(
                    "{\"producer\": %d, \"sequence\": %d, \"at\": \"%s\"}\n".formatted(producer, sequence + i, at));
        }
        HttpRequest request = lake.api()
                .request("/v1/topics/" + TOPIC + "/batch")
                .header("Content-Type", "application/x-ndjson")
                .timeout(Duration.ofMinutes(1))
                .POST(HttpRequest.BodyPublishers.ofString(lines.toString()))
                .build();
        HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
        if (answer.statusCode() != 202) {
            throw new IOException("the API answered " + answer.statusCode() + ": " + answer.body());
        }
        for (String line : answer.body().strip().split("\n")) {
            JsonNode result = Json.mapper().readTree(line);
            if (result.path("status").asInt() != 202) {
                throw new IOException("the API answered " + line);
            }
        }
        synchronized (this) {
            times.forEach(at -> acknowledged
                    .get(producer)
                    .merge(Math.floorDiv(at.getEpochSecond(), WINDOW_SECONDS) * WINDOW_SECONDS, 1L, Long::sum));
        }
        return sequence + BATCH;
    }

    /** The day is that of this very moment: a trial may go on over midnight. */
    private static Instant time(Random random) {
        Instant now = Instant.now();
        Instant midnight = now.truncatedTo(ChronoUnit.DAYS);
        int kind = random.nextInt(100);
        if (kind < 75) {
            return now.minusMillis(random.nextInt(2000));
        }
        return kind < 99
                ? now.minusMillis(random.nextInt(3_600_000))
                : midnight.minusMillis(1 + random.nextInt(3_600_000));
    }

    /** How many events of a producer were acknowledged. */
    synchronized long acknowledged(int producer) {
        return acknowledged.get(producer).values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    /** How many events of a producer a reader finds in the table that is built last. */
    long shown(int producer) throws IOException, SQLException {
        return lake.number("SELECT coalesce(sum(events), 0) FROM " + WINDOWS + " WHERE producer = " + producer);
    }

    /** Compares the tables with what was acknowledged. */
    synchronized List<Audit> audits() throws IOException, SQLException {
        Map<Integer, Map<LocalDate, Long>> dates = new HashMap<>();
        Set<String> windows = new HashSet<>();
        acknowledged.forEach((producer, counts) -> counts.forEach((start, count) -> {
            Instant started = Instant.ofEpochSecond(start);
            LocalDate date = LocalDate.ofInstant(started, ZoneOffset.UTC);
            dates.computeIfAbsent(producer, id -> new HashMap<>()).merge(date, count, Long::sum);
            windows.add(producer + " " + date + " "
                    + started.toString().replaceAll("[TZ]", " ").strip() + " " + count);
        }));
        return List.of(
                Audit.of(lake, RAW, "value.", dates),
                Audit.of(lake, ROWS, "", dates),
                Audit.of(
                        lake,
                        WINDOWS,
                        "SELECT format('%s %s %s %s', producer, date, date_format(started, '%Y-%m-%d %H:%i:%s'), events)"
                                + " FROM " + WINDOWS,
                        windows));
    }

    synchronized void save() throws IOException {
        Json.mapper().writeValue(file.toFile(), new Notes(acknowledged));
    }

    /** What a resumed run must know. */
    private record Notes(Map<Integer, Map<Long, Long>> acknowledged) {}
}
