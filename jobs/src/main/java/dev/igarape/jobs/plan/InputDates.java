package dev.igarape.jobs.plan;

import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.Placed;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The commits of an input and their rows, by date: what a ledger says, looked up once for all dates. */
public final class InputDates {
    private final Map<LocalDate, TreeMap<Long, Long>> rows = new HashMap<>();
    private final Set<LocalDate> expired;

    public InputDates(LedgerState state) {
        expired = state.expired().orElse(Set.of());
        for (Placed placed : state.partitions()) {
            placed.origins()
                    .forEach((sequence, count) -> rows.computeIfAbsent(
                                    placed.partition().date(), date -> new TreeMap<>())
                            .merge(sequence, count, Long::sum));
        }
    }

    /** Dates that have been committed. */
    Set<LocalDate> dates() {
        return rows.keySet();
    }

    /** Rows by commit of the dates {@code lookback} days before a date until that date. */
    public TreeMap<Long, Long> commits(LocalDate date, int lookback) {
        TreeMap<Long, Long> commits = new TreeMap<>();
        for (LocalDate day = date.minusDays(lookback); !day.isAfter(date); day = day.plusDays(1)) {
            rows.getOrDefault(day, new TreeMap<>())
                    .forEach((sequence, count) -> commits.merge(sequence, count, Long::sum));
        }
        return commits;
    }

    /** Whether rows of a date, or of as many before it, were given up because their time was up. */
    public boolean haveExpired(LocalDate date, int lookback) {
        return !expired.isEmpty()
                && date.minusDays(lookback).datesUntil(date.plusDays(1)).anyMatch(expired::contains);
    }

    /** Dates whose build reads a date of this input. */
    Set<LocalDate> readers(int lookback) {
        Set<LocalDate> readers = new TreeSet<>();
        for (LocalDate date : rows.keySet()) {
            for (int later = 0; later <= lookback; later++) {
                readers.add(date.plusDays(later));
            }
        }
        return readers;
    }
}
