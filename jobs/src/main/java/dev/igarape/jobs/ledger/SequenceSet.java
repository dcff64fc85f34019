package dev.igarape.jobs.ledger;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Sequence numbers, as ranges. Of commits: a table that is built once a second reads 86,400 input commits a day, nearly all
 * of them in a row. Of captured events: a file has all of a partition's between two moments.
 *
 * <p>As JSON a text such as {@code 1-500,502}, ascending.
 */
public record SequenceSet(List<Range> ranges) {
    public static final SequenceSet EMPTY = new SequenceSet(List.of());

    /** Numbers from {@code first} to {@code last}, both inclusive. */
    public record Range(long first, long last) {
        public Range {
            if (first < 0 || last < first) {
                throw new IllegalArgumentException(first + "-" + last + " is no range of sequence numbers");
            }
        }

        /** Reads the text that {@link #toString} makes. */
        static Range parse(String text) {
            String[] ends = text.split("-", 2);
            return new Range(Long.parseLong(ends[0]), Long.parseLong(ends[ends.length - 1]));
        }

        /** Numbers of this range. */
        public long size() {
            return last - first + 1;
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
        return union(numbers.stream().map(number -> new Range(number, number)).toList());
    }

    public static SequenceSet of(Long... numbers) {
        return of(List.of(numbers));
    }

    /** All numbers of these ranges, which may overlap and be in any order. */
    public static SequenceSet union(Collection<Range> ranges) {
        List<Range> union = new ArrayList<>();
        for (Range range :
                ranges.stream().sorted(Comparator.comparing(Range::first)).toList()) {
            int end = union.size() - 1;
            if (end >= 0 && range.first() <= union.get(end).last() + 1) {
                Range before = union.get(end);
                union.set(end, new Range(before.first(), Math.max(before.last(), range.last())));
            } else {
                union.add(range);
            }
        }
        return new SequenceSet(union);
    }

    /** Reads the text that {@link #toString} makes. */
    @JsonCreator
    public static SequenceSet parse(String text) {
        return text.isEmpty()
                ? EMPTY
                : new SequenceSet(
                        Stream.of(text.split(",", -1)).map(Range::parse).toList());
    }

    public boolean isEmpty() {
        return ranges.isEmpty();
    }

    /** The highest number; none if there are none. */
    public OptionalLong last() {
        return ranges.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(ranges.get(ranges.size() - 1).last());
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

    /** The numbers of this set that are not among the others. */
    public SequenceSet without(SequenceSet others) {
        List<Range> rest = new ArrayList<>();
        int next = 0;
        for (Range range : ranges) {
            long from = range.first();
            while (next < others.ranges.size() && others.ranges.get(next).last() < from) {
                next++;
            }
            for (int i = next; i < others.ranges.size() && others.ranges.get(i).first() <= range.last(); i++) {
                Range other = others.ranges.get(i);
                if (other.first() > from) {
                    rest.add(new Range(from, other.first() - 1));
                }
                from = other.last() + 1;
            }
            if (from <= range.last()) {
                rest.add(new Range(from, range.last()));
            }
        }
        return new SequenceSet(rest);
    }

    /** The numbers that are in both. */
    public SequenceSet intersection(SequenceSet others) {
        return without(without(others));
    }

    /** Whether any number is in both. */
    public boolean intersects(SequenceSet others) {
        int next = 0;
        for (Range range : ranges) {
            while (next < others.ranges.size() && others.ranges.get(next).last() < range.first()) {
                next++;
            }
            if (next < others.ranges.size() && others.ranges.get(next).first() <= range.last()) {
                return true;
            }
        }
        return false;
    }

    /** How many numbers it has. */
    public long size() {
        return ranges.stream().mapToLong(Range::size).sum();
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
