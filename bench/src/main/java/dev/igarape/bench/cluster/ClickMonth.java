package dev.igarape.bench.cluster;

import dev.igarape.bench.growth.ClickProducer;
import dev.igarape.bench.stream.Click;
import dev.igarape.bench.stream.ClickTopic;
import dev.igarape.model.targets.Target;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;

/** A topic with the clicks of a month, the same each time, in the order of their times; deleted when closed. */
public record ClickMonth(ClickTopic topic) implements AutoCloseable {
    static final LocalDate FROM = LocalDate.of(2024, 1, 1);
    static final LocalDate TO = LocalDate.of(2024, 2, 1);

    /** So many that executors land them, and that the start of driver and executors is little of a round. */
    static final int CLICKS_PER_DATE = 1_000_000;
    /** How many are in memory at a time. */
    private static final int PART = 100_000;

    private static final int MILLIS_PER_CLICK = 86_400_000 / CLICKS_PER_DATE;
    private static final List<String> EVENTS = List.of("click", "view", "submit");

    /** Sends them. */
    public static ClickMonth send(Target target) throws ExecutionException, InterruptedException {
        ClickMonth month = new ClickMonth(ClickTopic.create(target, "month"));
        try (ClickProducer producer = new ClickProducer(month.topic())) {
            for (LocalDate date : FROM.datesUntil(TO).toList()) {
                for (int first = 0; first < CLICKS_PER_DATE; first += PART) {
                    producer.send(clicks(date, first));
                }
            }
            return month;
        } catch (ExecutionException | InterruptedException | RuntimeException e) {
            month.close();
            throw e;
        }
    }

    /** A part of a date's. */
    private static List<Click> clicks(LocalDate date, int first) {
        Instant midnight = date.atStartOfDay().toInstant(ZoneOffset.UTC);
        List<Click> clicks = new ArrayList<>(PART);
        for (int i = first; i < first + PART; i++) {
            clicks.add(new Click(
                    midnight.plusMillis((long) i * MILLIS_PER_CLICK),
                    "user-" + i % 5003,
                    "/products/" + i % 997,
                    EVENTS.get(i % EVENTS.size())));
        }
        return clicks;
    }

    @Override
    public void close() {
        topic.close();
    }
}
