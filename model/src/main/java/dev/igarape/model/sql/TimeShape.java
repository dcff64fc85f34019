package dev.igarape.model.sql;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How the rows of a query follow from the times of the rows that it reads: what a table with intervals has to know, since
 * the query then sees the rows of some intervals only.
 *
 * @param time the result's column of event times; empty where it is not seen to follow from a time that is read
 * @param groups what makes a row of several rows or compares rows, in order of appearance
 */
public record TimeShape(Optional<TimeValue> time, List<RowGroup> groups) {
    public TimeShape {
        groups = List.copyOf(groups);
    }

    /**
     * A value that follows from a time that is read.
     *
     * @param window the window that it belongs to; empty for {@link Form#SAME}
     * @param line from 1
     * @param column from 1
     */
    public record TimeValue(Form form, Optional<TimeWindow> window, int line, int column) {}

    /** What a value says of the time that it follows from. */
    public enum Form {
        /** It is that time, perhaps of another type. */
        SAME,
        /** It lies in the same window: its start, a time cut to a unit, or the first or last time of the rows in it. */
        WITHIN,
        /** The last moment of the window, {@code window_time(window)}. */
        LAST,
        /** The end of the window, which is the start of the next one. */
        END,
        /** The window itself, a struct. */
        WINDOW
    }

    /**
     * Windows of time, aligned to 1970-01-01 in UTC.
     *
     * @param slide the time from the start of one to the start of the next; of tumbling windows, their length
     * @param offset by how much they start later than aligned ones
     */
    public record TimeWindow(Duration length, Duration slide, Duration offset) {
        /** Whether each time is in one window. */
        public boolean isTumbling() {
            return length.equals(slide);
        }
    }

    /** A part of a query whose rows depend on several rows of what it reads. */
    public enum Mixing {
        GROUP_BY,
        /** An aggregate over all rows. */
        GLOBAL_AGGREGATE,
        DISTINCT,
        /** {@code EXCEPT} or {@code INTERSECT}. */
        SET_OPERATION,
        WINDOW_FUNCTION,
        JOIN,
        SUBQUERY,
        LIMIT,
        SESSION_WINDOW
    }

    /**
     * Rows that are grouped or compared.
     *
     * @param keys those of its keys that follow from a time that is read
     * @param line from 1
     * @param column from 1
     */
    public record RowGroup(Mixing mixing, List<TimeValue> keys, int line, int column) {
        public RowGroup {
            keys = List.copyOf(keys);
        }
    }
}
