package dev.igarape.bench.stream;

import dev.igarape.bench.harness.ScratchTarget;
import dev.igarape.jobs.ledger.TimeRange;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A table of windows of 5 seconds with {@code window_start, event_name, page, username, events}, as Trino shows it.
 *
 * @param name as in {@code bench_ours_gold.clickstream_windows}
 * @param partitions a condition that leaves out partitions without windows in some ranges of time
 */
public record WindowsTable(ScratchTarget scratch, String name, Function<List<TimeRange>, String> partitions) {
    /** Who sends the last click of a run, which only moves the watermark of an engine that has one. */
    static final String LAST_USER = "last";

    /** What is asked for: the last minute, and the windows in which clicks are counted that are late by five minutes. */
    private static final Duration RECENT = Duration.ofSeconds(60);

    private static final Duration LATE_FROM = Duration.ofSeconds(360);
    private static final Duration LATE_TO = Duration.ofSeconds(270);
    /** A window may have begun since the query was made. */
    private static final Duration AHEAD = Duration.ofSeconds(10);

    private static final DateTimeFormatter TIMESTAMP =
            DateTimeFormatter.ofPattern("'TIMESTAMP '''yyyy-MM-dd HH:mm:ss''").withZone(ZoneOffset.UTC);

    /** The counts of the windows that clicks of now are in, or were late for. */
    Map<Instant, Long> recent(Connection trino, Instant now) throws SQLException {
        String query = """
                SELECT to_unixtime(with_timezone(window_start, 'UTC')), sum(events) FROM %s
                WHERE %s AND username <> '%s'
                  AND (window_start >= %s OR window_start >= %s AND window_start < %s)
                GROUP BY window_start
                """.formatted(
                        name,
                        partitions.apply(List.of(
                                new TimeRange(now.minus(LATE_FROM), now.minus(LATE_TO)),
                                new TimeRange(now.minus(RECENT), now.plus(AHEAD)))),
                        LAST_USER,
                        timestamp(now.minus(RECENT)),
                        timestamp(now.minus(LATE_FROM)),
                        timestamp(now.minus(LATE_TO)));
        Map<Instant, Long> counts = new HashMap<>();
        try (Statement statement = trino.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                counts.put(Instant.ofEpochSecond((long) rows.getDouble(1)), rows.getLong(2));
            }
        }
        return counts;
    }

    /** How many clicks it counts. */
    long clicks(Connection trino) throws SQLException {
        try (Statement statement = trino.createStatement();
                ResultSet sum = statement.executeQuery(
                        "SELECT sum(events) FROM %s WHERE username <> '%s'".formatted(name, LAST_USER))) {
            sum.next();
            return sum.getLong(1);
        }
    }

    /** All its rows. */
    Map<Click.Group, Long> rows(Connection trino) throws SQLException {
        Map<Click.Group, Long> all = new HashMap<>();
        String query = """
                SELECT to_unixtime(with_timezone(window_start, 'UTC')), event_name, page, username, events FROM %s
                WHERE username <> '%s'
                """.formatted(name, LAST_USER);
        try (Statement statement = trino.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                Click.Group group = new Click.Group(
                        Instant.ofEpochSecond((long) rows.getDouble(1)),
                        rows.getString(2),
                        rows.getString(3),
                        rows.getString(4));
                // Two rows of one group would count twice.
                all.merge(group, rows.getLong(5), Long::sum);
            }
        }
        return all;
    }

    private static String timestamp(Instant time) {
        return TIMESTAMP.format(time);
    }

    /** The dates of these times, in UTC. */
    public static Set<LocalDate> dates(List<TimeRange> times) {
        return times.stream()
                .flatMap(range -> Stream.of(range.from(), range.until()))
                .map(time -> LocalDate.ofInstant(time, ZoneOffset.UTC))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
