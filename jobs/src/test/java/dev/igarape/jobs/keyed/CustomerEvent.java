package dev.igarape.jobs.keyed;

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
    /** Sequences of a history are hours after it, in UTC. */
    static final String MIDNIGHT = "2024-03-01T00:00:00Z";

    private static final Instant DAY = Instant.parse("2024-03-01T10:00:00Z");

    /** An event of the first day. */
    static CustomerEvent of(int chapter, String id, String name, long sequence) {
        return new CustomerEvent(chapter, Optional.of(id), name, Optional.of(sequence), false, DAY);
    }

    /** A deletion of the first day. */
    static CustomerEvent deletion(int chapter, String id, long sequence) {
        return new CustomerEvent(chapter, Optional.of(id), "", Optional.of(sequence), true, DAY);
    }

    /** The same in another chapter. */
    CustomerEvent in(int other) {
        return new CustomerEvent(other, id, name, sequence, deletes, at);
    }

    /** The same with another name. */
    CustomerEvent named(String other) {
        return new CustomerEvent(chapter, id, other, sequence, deletes, at);
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

    /**
     * The rows of customers of whom this is told, where a name of {@code -} tells nothing: events sorted one by one, and each changes
     * what it tells. As {@code chapter id name note sequence}.
     */
    static List<String> kept(List<CustomerEvent> events) {
        List<CustomerEvent> sorted = new ArrayList<>(events);
        sorted.sort(
                Comparator.comparing((CustomerEvent event) -> event.sequence().orElseThrow())
                        .thenComparing(CustomerEvent::deletes)
                        .thenComparing(CustomerEvent::content));
        Map<String, CustomerEvent> rows = new TreeMap<>();
        for (CustomerEvent event : sorted) {
            String customer = event.chapter() + " " + event.id().orElseThrow();
            if (event.deletes()) {
                rows.remove(customer);
            } else {
                String name = part(event, 0);
                String known = Optional.ofNullable(rows.get(customer))
                        .map(row -> part(row, 0))
                        .orElse("-");
                rows.put(customer, event.named((name.equals("-") ? known : name) + "/" + part(event, 1)));
            }
        }
        return rows.entrySet().stream()
                .map(row -> row.getKey() + " " + part(row.getValue(), 0) + " " + part(row.getValue(), 1) + " "
                        + row.getValue().sequence().orElseThrow())
                .sorted()
                .toList();
    }

    /**
     * The versions of customers of whom this is told: of each customer the events are sorted one by one, and each either goes on
     * with the version before it, ends it, or starts one. As {@code chapter id name note at from to current}.
     */
    static List<String> versions(List<CustomerEvent> events) {
        Map<String, TreeMap<Long, CustomerEvent>> byCustomer = new TreeMap<>();
        for (CustomerEvent event : events) {
            byCustomer
                    .computeIfAbsent(event.chapter() + " " + event.id().orElseThrow(), key -> new TreeMap<>())
                    .merge(event.sequence().orElseThrow(), event, (one, other) -> wins(other, one) ? other : one);
        }
        List<String> versions = new ArrayList<>();
        for (Map.Entry<String, TreeMap<Long, CustomerEvent>> customer : byCustomer.entrySet()) {
            Optional<CustomerEvent> last = Optional.empty();
            long from = 0;
            for (CustomerEvent event : customer.getValue().values()) {
                boolean goesOn = last.isPresent()
                        && !event.deletes()
                        && part(last.get(), 0).equals(part(event, 0));
                if (!goesOn && last.isPresent()) {
                    versions.add(version(customer.getKey(), last.get(), from, event.sequence()));
                }
                if (!goesOn) {
                    from = event.sequence().orElseThrow();
                }
                last = event.deletes() ? Optional.empty() : Optional.of(event);
            }
            if (last.isPresent()) {
                versions.add(version(customer.getKey(), last.get(), from, Optional.empty()));
            }
        }
        return versions.stream().sorted().toList();
    }

    private static boolean wins(CustomerEvent event, CustomerEvent other) {
        return event.deletes() != other.deletes()
                ? event.deletes()
                : event.content().compareTo(other.content()) > 0;
    }

    /** Sorts as the event's content does as JSON, where null comes after text. */
    private String content() {
        return name.startsWith("-") ? "~" + name : name;
    }

    private static String part(CustomerEvent event, int number) {
        return event.name().split("/", -1)[number];
    }

    private static String version(String customer, CustomerEvent last, long from, Optional<Long> to) {
        return customer + " " + part(last, 0) + " " + part(last, 1) + " "
                + last.sequence().orElseThrow() + " " + from + " "
                + to.map(String::valueOf).orElse("now") + " " + to.isEmpty();
    }
}
