package dev.igarape.jobs.input;

import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Versions of an input as read from its ledger, indexed by date. */
public final class LedgerVersions implements InputVersions {
    private final LedgerState state;
    private final boolean dated;
    private final Landed landed;
    private final Map<LocalDate, TreeMap<Long, Long>> rows = new HashMap<>();
    private final Map<LocalDate, List<CurrentPartition>> shown = new HashMap<>();
    private final Set<LocalDate> expired;

    /** Reads how far a table has been landed. */
    @FunctionalInterface
    public interface Landed {
        /** See {@link InputVersions#landedUntil}. */
        Optional<Instant> until() throws IOException;
    }

    /**
     * @param dated see {@link InputVersions#isDated}
     * @param landed asked only when it matters
     */
    public LedgerVersions(LedgerState state, boolean dated, Landed landed) {
        this.state = state;
        this.dated = dated;
        this.landed = landed;
        expired = state.expired().orElse(Set.of());
        for (CurrentPartition current : state.partitions()) {
            if (!current.partition().isEmptied()) {
                shown.computeIfAbsent(current.partition().date(), date -> new ArrayList<>())
                        .add(current);
            }
            current.rowsByCommit()
                    .forEach((sequence, count) -> rows.computeIfAbsent(
                                    current.partition().date(), date -> new TreeMap<>())
                            .merge(sequence, count, Long::sum));
        }
    }

    @Override
    public boolean isEmpty() {
        return state.head() == 0;
    }

    @Override
    public boolean isDated() {
        return dated;
    }

    @Override
    public Set<LocalDate> dates() {
        return rows.keySet();
    }

    @Override
    public boolean has(LocalDate date) {
        return shown.containsKey(date);
    }

    @Override
    public TreeMap<Long, Long> commits(LocalDate date, int lookback) {
        TreeMap<Long, Long> commits = new TreeMap<>();
        for (LocalDate day = date.minusDays(lookback); !day.isAfter(date); day = day.plusDays(1)) {
            rows.getOrDefault(day, new TreeMap<>())
                    .forEach((sequence, count) -> commits.merge(sequence, count, Long::sum));
        }
        return commits;
    }

    @Override
    public boolean haveExpired(LocalDate date, int lookback) {
        return !expired.isEmpty()
                && date.minusDays(lookback).datesUntil(date.plusDays(1)).anyMatch(expired::contains);
    }

    @Override
    public long rows(LocalDate date) {
        return shown.getOrDefault(date, List.of()).stream()
                .mapToLong(current -> current.partition().rows())
                .sum();
    }

    @Override
    public long bytes(LocalDate date) {
        return shown.getOrDefault(date, List.of()).stream()
                .mapToLong(current -> current.partition().bytes())
                .sum();
    }

    @Override
    public Set<LocalDate> readers(int lookback) {
        Set<LocalDate> readers = new TreeSet<>();
        for (LocalDate date : rows.keySet()) {
            for (int later = 0; later <= lookback; later++) {
                readers.add(date.plusDays(later));
            }
        }
        return readers;
    }

    @Override
    public Optional<Instant> landedUntil() throws IOException {
        return landed.until();
    }
}
