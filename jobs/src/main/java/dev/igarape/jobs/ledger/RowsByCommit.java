package dev.igarape.jobs.ledger;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * How many rows of a partition come from which commits. Commits that follow each other may be put together with the total of
 * their rows, since a landing that commits once a second makes 86,400 of them a day.
 *
 * <p>As JSON an object such as {@code {"1-60": 6000, "62": 12}}, ascending.
 *
 * @param parts ascending and disjoint
 */
public record RowsByCommit(List<Part> parts) {
    private static final Comparator<Part> BY_FIRST =
            Comparator.comparing(part -> part.commits().first());

    /** Of a partition that holds nothing any more. */
    public static final RowsByCommit NONE = new RowsByCommit(List.of());

    /** Rows of commits that follow each other, in all. */
    public record Part(SequenceSet.Range commits, long rows) {}

    public RowsByCommit {
        parts = List.copyOf(parts);
        for (int i = 1; i < parts.size(); i++) {
            if (parts.get(i).commits().first() <= parts.get(i - 1).commits().last()) {
                throw new IllegalArgumentException(parts + " are not in order");
            }
        }
    }

    /** The rows of one commit. */
    public static RowsByCommit of(long sequence, long rows) {
        return new RowsByCommit(List.of(new Part(new SequenceSet.Range(sequence, sequence), rows)));
    }

    /** Reads what {@link #toMap} makes. */
    @JsonCreator
    public static RowsByCommit of(Map<String, Long> rows) {
        List<Part> parts = new ArrayList<>();
        rows.forEach((commits, count) -> parts.add(new Part(SequenceSet.Range.parse(commits), count)));
        // Formats before ranges were sorted by number, but maps need not be.
        parts.sort(BY_FIRST);
        return new RowsByCommit(parts);
    }

    /** The rows of several partitions, with the rows of the same commits summed up. */
    public static RowsByCommit sum(Collection<RowsByCommit> all) {
        List<Part> sorted = all.stream()
                .flatMap(rows -> rows.parts.stream())
                .sorted(BY_FIRST)
                .toList();
        List<Part> parts = new ArrayList<>();
        for (Part part : sorted) {
            int end = parts.size() - 1;
            if (end >= 0 && part.commits().first() <= parts.get(end).commits().last()) {
                parts.set(end, joined(parts.get(end), part));
            } else {
                parts.add(part);
            }
        }
        return new RowsByCommit(parts);
    }

    /** The same rows, with commits that follow each other put together. */
    public RowsByCommit joined() {
        List<Part> joined = new ArrayList<>();
        for (Part part : parts) {
            int end = joined.size() - 1;
            if (end >= 0 && part.commits().first() == joined.get(end).commits().last() + 1) {
                joined.set(end, joined(joined.get(end), part));
            } else {
                joined.add(part);
            }
        }
        return new RowsByCommit(joined);
    }

    private static Part joined(Part one, Part other) {
        SequenceSet.Range range = new SequenceSet.Range(
                one.commits().first(),
                Math.max(one.commits().last(), other.commits().last()));
        return new Part(range, one.rows() + other.rows());
    }

    public boolean isEmpty() {
        return parts.isEmpty();
    }

    /** The commits. */
    public SequenceSet commits() {
        return SequenceSet.union(parts.stream().map(Part::commits).toList());
    }

    /** The last commit; none where there is none. */
    public OptionalLong last() {
        return parts.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(parts.get(parts.size() - 1).commits().last());
    }

    @Override
    public String toString() {
        return toMap().toString();
    }

    @JsonValue
    Map<String, Long> toMap() {
        Map<String, Long> map = new LinkedHashMap<>();
        parts.forEach(part -> map.put(part.commits().toString(), part.rows()));
        return Collections.unmodifiableMap(map);
    }
}
