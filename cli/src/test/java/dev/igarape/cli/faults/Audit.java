package dev.igarape.cli.faults;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Compares the marks in a table with those that the broker acknowledged.
 *
 * @param rows in the table
 * @param lost acknowledged marks that the table lacks
 * @param doubled rows beyond one for each mark
 * @param foreign marks that were never acknowledged, as of an aborted transaction
 */
record Audit(String table, long rows, long lost, long doubled, long foreign) {
    /**
     * @param value how the table calls a mark: {@code "value."} in raw, empty elsewhere
     * @param acknowledged marks by producer and date
     */
    static Audit of(FaultLake lake, String table, String value, Map<Integer, Map<LocalDate, Long>> acknowledged)
            throws IOException, SQLException {
        record Found(long rows, long distinct) {}
        Map<Integer, Map<LocalDate, Found>> found = new HashMap<>();
        try (Connection trino = lake.trino();
                Statement statement = trino.createStatement();
                ResultSet answer = statement.executeQuery(
                        "SELECT %1$sproducer, CAST(date AS varchar), count(*), count(DISTINCT %1$ssequence) FROM %2$s GROUP BY 1, 2"
                                .formatted(value, table))) {
            while (answer.next()) {
                found.computeIfAbsent(answer.getInt(1), producer -> new HashMap<>())
                        .put(LocalDate.parse(answer.getString(2)), new Found(answer.getLong(3), answer.getLong(4)));
            }
        }
        long rows = 0;
        long lost = 0;
        long doubled = 0;
        long foreign = 0;
        for (Map.Entry<Integer, Map<LocalDate, Long>> producer : acknowledged.entrySet()) {
            Map<LocalDate, Found> dates = found.computeIfAbsent(producer.getKey(), id -> new HashMap<>());
            for (Map.Entry<LocalDate, Long> sent : producer.getValue().entrySet()) {
                Found there = dates.remove(sent.getKey());
                long distinct = there == null ? 0 : there.distinct();
                lost += Math.max(0, sent.getValue() - distinct);
                foreign += Math.max(0, distinct - sent.getValue());
                doubled += there == null ? 0 : there.rows() - distinct;
                rows += there == null ? 0 : there.rows();
            }
        }
        for (Map<LocalDate, Found> dates : found.values()) {
            for (Found there : dates.values()) {
                foreign += there.distinct();
                doubled += there.rows() - there.distinct();
                rows += there.rows();
            }
        }
        return new Audit(table, rows, lost, doubled, foreign);
    }

    /**
     * Compares what a table with keys, or windows, has with what it should have.
     *
     * @param sql gives a line for each row
     * @param expected the lines, each once
     */
    static Audit of(FaultLake lake, String table, String sql, Set<String> expected) throws IOException, SQLException {
        long rows = 0;
        Set<String> found = new HashSet<>();
        try (Connection trino = lake.trino();
                Statement statement = trino.createStatement();
                ResultSet answer = statement.executeQuery(sql)) {
            while (answer.next()) {
                rows++;
                found.add(answer.getString(1));
            }
        }
        Set<String> lost = new HashSet<>(expected);
        lost.removeAll(found);
        Set<String> foreign = new HashSet<>(found);
        foreign.removeAll(expected);
        return new Audit(table, rows, lost.size(), rows - found.size(), foreign.size());
    }

    boolean isClean() {
        return lost == 0 && doubled == 0 && foreign == 0;
    }
}
