package dev.igarape.jobs.current;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * An event of a customer.
 *
 * @param chapter a story of its own: customers of different chapters have nothing to do with each other
 * @param sequence puts the events of a customer in order
 * @param at decides its date, and nothing else
 */
record CustomerEvent(
        int chapter, Optional<String> id, String name, Optional<Long> sequence, boolean deletes, Instant at) {
    private static final Instant DAY = Instant.parse("2024-03-01T10:00:00Z");

    /** An event of the first day. */
    static CustomerEvent of(int chapter, String id, String name, long sequence) {
        return new CustomerEvent(chapter, Optional.of(id), name, Optional.of(sequence), false, DAY);
    }

    /** A deletion of the first day. */
    static CustomerEvent deletion(int chapter, String id, long sequence) {
        return new CustomerEvent(chapter, Optional.of(id), "", Optional.of(sequence), true, DAY);
    }

    /** The same so many days later. */
    CustomerEvent later(int days) {
        return new CustomerEvent(chapter, id, name, sequence, deletes, at.plusSeconds(days * 86_400L));
    }

    String json() {
        return "{\"chapter\":" + chapter + ",\"id\":"
                + id.map(value -> "\"" + value + "\"").orElse("null")
                + ",\"name\":\"" + name + "\",\"sequence\":"
                + sequence.map(String::valueOf).orElse("null") + ",\"status\":\"" + (deletes ? "delete" : "update")
                + "\",\"at\":" + at.toEpochMilli() + "}";
    }

    private String row() {
        return chapter + " " + id.orElseThrow() + " " + name + " " + sequence.orElseThrow();
    }

    /** The rows of customers of whom this is told: events sorted one by one, the last of each stands. */
    static List<String> truth(List<CustomerEvent> events) {
        List<CustomerEvent> sorted = new ArrayList<>(events);
        sorted.removeIf(event -> event.id().isEmpty() || event.sequence().isEmpty());
        sorted.sort(
                Comparator.comparing((CustomerEvent event) -> event.sequence().orElseThrow())
                        .thenComparing(CustomerEvent::deletes)
                        .thenComparing(CustomerEvent::name));
        Map<String, CustomerEvent> last = new TreeMap<>();
        sorted.forEach(event -> last.put(event.chapter() + " " + event.id().orElseThrow(), event));
        return last.values().stream()
                .filter(event -> !event.deletes())
                .map(CustomerEvent::row)
                .sorted()
                .collect(Collectors.toList());
    }
}
