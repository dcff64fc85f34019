package dev.igarape.jobs.daily;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Events of user stories, and what tables over them hold in the end: computed in plain Java, which shares no code with the
 * lake.
 *
 * <p>A story is a quarter of an hour of clicks and views, with some delivered twice. Every other one is told many times at once, each
 * time split into steps in another way; those between are told once, so that most intervals of them have no new rows. Stories follow each other without a break over all times in question, so that they go over
 * midnight, over the ends of intervals and over changes of the clocks.
 */
final class ClickEvents {
    static final int STEPS = 6;
    private static final int DENSE = 26;
    private static final long MINUTE = 60_000;
    private static final long LOOKBACK = 10 * MINUTE;

    private final Random random;
    private final int tellings;
    private final List<Delivery> deliveries = new ArrayList<>();
    private int stories;
    private int splits;

    ClickEvents(long seed) {
        this(seed, DENSE);
    }

    /** @param tellings how many times every other story is told */
    ClickEvents(long seed, int tellings) {
        this.random = new Random(seed);
        this.tellings = tellings;
    }

    /** A click or a view. */
    record Event(boolean click, int split, long id, String user, long at) {
        String json() {
            return "{\"split\":" + split + ",\"id\":" + id + ",\"user\":\"" + user + "\",\"at\":" + at + "}";
        }
    }

    /** An event that a step sends; {@code story} is that of its split. */
    record Delivery(int step, int story, Event event) {}

    /** Adds stories that begin every quarter of an hour. */
    void tell(String from, String until) {
        long end = Instant.parse(until).toEpochMilli();
        for (long start = Instant.parse(from).toEpochMilli(); start < end; start += 15 * MINUTE) {
            tell(start);
        }
    }

    private void tell(long start) {
        List<Event> story = new ArrayList<>();
        for (int id = 0; id < 8; id++) {
            long at = start + random.nextInt((int) (15 * MINUTE));
            boolean onTheMinute = random.nextInt(4) == 0;
            String user = random.nextBoolean() ? "ana" : "bia";
            story.add(new Event(id % 3 > 0, 0, id, user, onTheMinute ? at - at % (5 * MINUTE) : at));
        }
        for (int doubled = 0; doubled < 2; doubled++) {
            story.add(story.get(random.nextInt(story.size())));
        }
        int number = stories++;
        int told = number % 2 == 0 ? tellings : 1;
        for (int telling = 0; telling < told; telling++) {
            int split = splits++;
            List<Integer> steps = new ArrayList<>();
            for (int some = 1 + random.nextInt(STEPS); some > 0; some--) {
                steps.add(random.nextInt(STEPS));
            }
            for (Event event : story) {
                deliveries.add(new Delivery(
                        steps.get(random.nextInt(steps.size())),
                        number,
                        new Event(event.click(), split, event.id(), event.user(), event.at())));
            }
        }
    }

    int splits() {
        return splits;
    }

    List<Event> all() {
        return deliveries.stream().map(Delivery::event).toList();
    }

    /** What a step sends: first what belongs to one story, then the rest. */
    List<List<Event>> landings(int step) {
        List<Delivery> sent =
                deliveries.stream().filter(delivery -> delivery.step() == step).toList();
        int first = sent.get(random.nextInt(sent.size())).story();
        return List.of(
                sent.stream()
                        .filter(delivery -> delivery.story() == first)
                        .map(Delivery::event)
                        .toList(),
                sent.stream()
                        .filter(delivery -> delivery.story() != first)
                        .map(Delivery::event)
                        .toList());
    }

    /** Rows of all tables as lines, sorted: the table, the row's date in this zone, and its columns. */
    List<String> truth(ZoneId zone) {
        List<String> lines = new ArrayList<>();
        Set<Event> events = new HashSet<>(all());
        Map<String, List<Event>> byUser = events.stream()
                .collect(Collectors.groupingBy(
                        event -> event.split() + " " + event.user(), TreeMap::new, Collectors.toList()));
        byUser.forEach((user, own) -> {
            List<Event> clicks = own.stream().filter(Event::click).toList();
            List<Event> views = own.stream().filter(event -> !event.click()).toList();
            List<Event> orphans =
                    clicks.stream().filter(click -> before(click, views) == 0).toList();
            counts(clicks, MINUTE).forEach((start, count) -> lines.add(line("windows", zone, user, start, 0, count)));
            counts(clicks.stream().filter(click -> click.id() % 7 != 5).toList(), MINUTE)
                    .forEach((start, count) -> lines.add(line("each_windows", zone, user, start, 0, count)));
            counts(clicks, 60 * MINUTE)
                    .forEach((start, count) -> lines.add(line("hours", zone, user, start, 0, count)));
            counts(orphans, 5 * MINUTE)
                    .forEach((start, count) -> lines.add(line("orphan_windows", zone, user, start, 0, count)));
            orphans.forEach(click -> lines.add(line("orphans", zone, user, click.at(), click.id(), 1)));
            clicks.forEach(
                    click -> lines.add(line("recent", zone, user, click.at(), click.id(), before(click, clicks))));
            Map<Long, Integer> sliding = new TreeMap<>();
            counts(clicks, 5 * MINUTE).forEach((start, count) -> {
                sliding.merge(start + 5 * MINUTE, count, Integer::sum);
                sliding.merge(start + 10 * MINUTE, count, Integer::sum);
            });
            sliding.forEach((end, count) -> lines.add(line("sliding", zone, user, end, 0, count)));
        });
        // Row by row: what came twice is there twice.
        all().stream()
                .filter(event -> event.click() && event.id() % 7 != 5)
                .forEach(click ->
                        lines.add(line("each", zone, click.split() + " " + click.user(), click.at(), click.id(), 1)));
        return lines.stream().sorted().toList();
    }

    /** How many of these events happened in the ten minutes up to one. */
    private static int before(Event event, List<Event> others) {
        return (int) others.stream()
                .filter(other -> other.at() <= event.at() && other.at() > event.at() - LOOKBACK)
                .count();
    }

    private static Map<Long, Integer> counts(List<Event> events, long length) {
        Map<Long, Integer> counts = new TreeMap<>();
        events.forEach(event -> counts.merge(event.at() - event.at() % length, 1, Integer::sum));
        return counts;
    }

    static String line(String table, ZoneId zone, String splitAndUser, long at, long id, long count) {
        return table + " " + Instant.ofEpochMilli(at).atZone(zone).toLocalDate() + " " + splitAndUser + " "
                + Instant.ofEpochMilli(at) + " " + id + " " + count;
    }
}
