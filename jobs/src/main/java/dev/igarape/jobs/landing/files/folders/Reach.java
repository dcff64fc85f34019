package dev.igarape.jobs.landing.files.folders;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/** Which folders of dates are looked into: all, or those since a date, and some before. */
public final class Reach {
    public static final Reach ALL = new Reach(LocalDate.MIN, new TreeSet<>());

    private final LocalDate since;
    private final TreeSet<LocalDate> others;

    private Reach(LocalDate since, TreeSet<LocalDate> others) {
        this.since = since;
        this.others = others;
    }

    /** @param others dates before that */
    public static Reach since(LocalDate since, Collection<LocalDate> others) {
        return new Reach(since, new TreeSet<>(others));
    }

    boolean isAll() {
        return since.equals(LocalDate.MIN);
    }

    /** Whether files below a folder may be of a date within reach, given what the path says down to it. */
    boolean mayHold(Map<String, String> values) {
        try {
            if (values.containsKey("date")) {
                LocalDate date = LocalDate.parse(values.get("date"));
                return holds(date, date);
            }
            if (!values.containsKey("yyyy")) {
                return true;
            }
            int year = Integer.parseInt(values.get("yyyy"));
            if (!values.containsKey("MM")) {
                return holds(LocalDate.of(year, 1, 1), LocalDate.of(year, 12, 31));
            }
            YearMonth month = YearMonth.of(year, Integer.parseInt(values.get("MM")));
            if (!values.containsKey("dd")) {
                return holds(month.atDay(1), month.atEndOfMonth());
            }
            LocalDate day = month.atDay(Integer.parseInt(values.get("dd")));
            return holds(day, day);
        } catch (DateTimeException e) {
            // A file below it is told of.
            return true;
        }
    }

    private boolean holds(LocalDate first, LocalDate last) {
        return !last.isBefore(since)
                || Optional.ofNullable(others.ceiling(first))
                        .filter(date -> !date.isAfter(last))
                        .isPresent();
    }
}
