package dev.igarape.bench.growth;

import dev.igarape.bench.harness.ScratchTarget;
import dev.igarape.bench.stream.Click;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * How many clicks there are of each window, and of each event on each page by each user: two views of the rows that differ
 * from the truth wherever a click is lost or counted twice, and that fit in memory where all the rows do not.
 */
record ClickSums(Map<Instant, Long> byWindow, Map<String, Long> byGroup) {
    ClickSums() {
        this(new HashMap<>(), new HashMap<>());
    }

    void add(Click click) {
        byWindow.merge(click.window(), 1L, Long::sum);
        byGroup.merge(group(click.eventName(), click.page(), click.username()), 1L, Long::sum);
    }

    /** What Trino reads of a table of windows, from a date on. */
    static ClickSums read(ScratchTarget scratch, String table, LocalDate from) throws SQLException {
        ClickSums sums = new ClickSums();
        try (Connection trino = scratch.connect();
                Statement statement = trino.createStatement()) {
            try (ResultSet rows = statement.executeQuery("""
                    SELECT to_unixtime(with_timezone(window_start, 'UTC')), sum(events) FROM %s
                    WHERE date >= DATE '%s' GROUP BY window_start
                    """.formatted(table, from))) {
                while (rows.next()) {
                    sums.byWindow.put(Instant.ofEpochSecond((long) rows.getDouble(1)), rows.getLong(2));
                }
            }
            try (ResultSet rows = statement.executeQuery("""
                    SELECT event_name, page, username, sum(events) FROM %s
                    WHERE date >= DATE '%s' GROUP BY event_name, page, username
                    """.formatted(table, from))) {
                while (rows.next()) {
                    sums.byGroup.put(group(rows.getString(1), rows.getString(2), rows.getString(3)), rows.getLong(4));
                }
            }
        }
        return sums;
    }

    /** By how many clicks these sums differ from others, at least. */
    long difference(ClickSums others) {
        return Math.max(difference(byWindow, others.byWindow), difference(byGroup, others.byGroup));
    }

    private static <K extends Comparable<K>> long difference(Map<K, Long> some, Map<K, Long> others) {
        Set<K> keys = new TreeSet<>(some.keySet());
        keys.addAll(others.keySet());
        return keys.stream()
                .mapToLong(key -> Math.abs(some.getOrDefault(key, 0L) - others.getOrDefault(key, 0L)))
                .sum();
    }

    private static String group(String eventName, String page, String username) {
        return eventName + " " + page + " " + username;
    }
}
