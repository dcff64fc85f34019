package dev.igarape.jobs.ledger;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Sequence numbers of commits, as ranges: a table that is built once a second reads 86,400 input commits a day, nearly all
 * of them in a row.
 *
 * <p>As JSON a text such as {@code 1-500,502}, ascending.
 */
public record SequenceSet(List<Range> ranges) {
    public static final SequenceSet EMPTY = new SequenceSet(List.of());

    /** Numbers from {@code first} to {@code last}, both inclusive. */
    public record Range(long first, long last) {
        public Range {
            if (first < 1 || last < first) {
                throw new IllegalArgumentException(first + "-" + last + " is no range of sequence numbers");
            }
        }

        @Override
        public String toString() {
            return first == last ? Long.toString(first) : first + "-" + last;
        }
    }

    public SequenceSet {
        ranges = List.copyOf(ranges);
        for (int i = 1; i < ranges.size(); i++) {
            if (ranges.get(i).first() <= ranges.get(i - 1).last()) {
                throw new IllegalArgumentException(ranges + " are not in order");
            }
        }
    }

    public static SequenceSet of(Collection<Long> numbers) {
        List<Range> ranges = new ArrayList<>();
        for (long number : new TreeSet<>(numbers)) {
            int end = ranges.size() - 1;
            if (end >= 0 && ranges.get(end).last() == number - 1) {
                ranges.set(end, new Range(ranges.get(end).first(), number));
            } else {
                ranges.add(new Range(number, number));
            }
        }
        return new SequenceSet(ranges);
    }

    public static SequenceSet of(Long... numbers) {
        return of(List.of(numbers));
    }

    /** Reads the text that {@link #toString} makes. */
    @JsonCreator
    public static SequenceSet parse(String text) {
        if (text.isEmpty()) {
            return EMPTY;
        }
        return new SequenceSet(Stream.of(text.split(",", -1))
                .map(part -> part.split("-", 2))
                .map(ends -> new Range(Long.parseLong(ends[0]), Long.parseLong(ends[ends.length - 1])))
                .toList());
    }

    public boolean contains(long number) {
        int low = 0;
        int high = ranges.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            Range range = ranges.get(middle);
            if (number < range.first()) {
                high = middle - 1;
            } else if (number > range.last()) {
                low = middle + 1;
            } else {
                return true;
            }
        }
        return false;
    }

    /** The numbers of this set that are not among the others, ascending. */
    public SortedSet<Long> without(Set<Long> others) {
        SortedSet<Long> rest = new TreeSet<>();
        numbers().filter(number -> !others.contains(number)).forEach(rest::add);
        return rest;
    }

    /** All numbers, ascending. */
    public LongStream numbers() {
        return ranges.stream().flatMapToLong(range -> LongStream.rangeClosed(range.first(), range.last()));
    }

    @JsonValue
    @Override
    public String toString() {
        return ranges.stream().map(Range::toString).collect(Collectors.joining(","));
    }
}
