package dev.igarape.cli.faults;

import java.io.IOException;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** What tables that are not row by row should hold, given the marks that the broker has acknowledged. */
final class Truth {
    /** The lane of a mark is its sequence modulo this, as in {@code marks_keyed.sql}. */
    private static final int LANES = 8;

    private Truth() {}

    /** All marks of a producer are sent within a second from noon on, so they are in one window. */
    static Audit ofWindows(FaultLake lake, Map<Integer, Map<LocalDate, Long>> acknowledged)
            throws IOException, SQLException {
        Set<String> expected = new HashSet<>();
        acknowledged.forEach((producer, dates) ->
                dates.forEach((date, count) -> expected.add(producer + " " + date + " 12:00 " + count)));
        return Audit.of(
                lake,
                Stage.WINDOWS,
                "SELECT format('%s %s %s %s', producer, date, date_format(started, '%H:%i'), marks) FROM "
                        + Stage.WINDOWS,
                expected);
    }

    /** Of each lane the last mark. */
    static Audit ofCurrent(FaultLake lake, Map<Integer, Map<LocalDate, Long>> acknowledged)
            throws IOException, SQLException {
        Set<String> expected = new HashSet<>();
        acknowledged.forEach((producer, dates) -> dates.values().forEach(count -> {
            for (long sequence = Math.max(0, count - LANES); sequence < count; sequence++) {
                expected.add(producer + " " + sequence % LANES + " " + sequence);
            }
        }));
        return Audit.of(
                lake,
                Stage.CURRENT,
                "SELECT format('%s %s %s', producer, lane, sequence) FROM " + Stage.CURRENT,
                expected);
    }

    /** Of each lane all marks, each until the next one comes, a millisecond for each mark in between. */
    static Audit ofHistory(FaultLake lake, Map<Integer, Map<LocalDate, Long>> acknowledged)
            throws IOException, SQLException {
        Set<String> expected = new HashSet<>();
        acknowledged.forEach((producer, dates) -> dates.values().forEach(count -> {
            for (long sequence = 0; sequence < count; sequence++) {
                boolean last = sequence + LANES >= count;
                expected.add(producer + " " + sequence % LANES + " " + sequence + " " + (last ? "null" : LANES) + " "
                        + last);
            }
        }));
        return Audit.of(
                lake,
                Stage.HISTORY,
                "SELECT format('%s %s %s %s %s', producer, lane, sequence,"
                        + " date_diff('millisecond', valid_from, valid_to), is_current) FROM "
                        + Stage.HISTORY,
                expected);
    }
}
