package dev.igarape.jobs.ledger;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Optional;

/**
 * One partition as a commit wrote it.
 *
 * @param interval second partition value of a table that is built by intervals: the start of one in local time; empty for a
 *     date in one piece and for other tables
 * @param batch second partition value of a landing of what is new: the commit id (Kafka), or what stands for the file
 *     (files); empty for tables partitioned by date alone
 * @param recordName third partition value of a Kafka landing with `partition_by`: a record's name, or a topic
 * @param path folder, relative to the folder of its table
 * @param rowsByCommit how many rows come from which commit, where that is not the one that lists this partition:
 *     compaction and rollback move rows, which does not make what was built from them stale. None: the partition holds
 *     nothing any more
 * @param times range of its rows' event times, which may be wider than the rows need; empty where it is not known
 */
public record PartitionVersion(
        LocalDate date,
        Optional<String> interval,
        Optional<String> batch,
        Optional<String> recordName,
        String path,
        int files,
        long rows,
        long bytes,
        Optional<RowsByCommit> rowsByCommit,
        Optional<TimeRange> times) {
    /** Folder, within that of each table, of partitions that hold nothing any more. */
    public static final String EMPTY_FOLDER = "empty";

    /** A partition whose rows come from the commit that lists it. */
    public PartitionVersion(
            LocalDate date,
            Optional<String> batch,
            Optional<String> recordName,
            String path,
            int files,
            long rows,
            long bytes) {
        this(date, Optional.empty(), batch, recordName, path, files, rows, bytes, Optional.empty(), Optional.empty());
    }

    /** Likewise, of a table that is not partitioned by the record's name. */
    public PartitionVersion(LocalDate date, Optional<String> batch, String path, int files, long rows, long bytes) {
        this(date, batch, Optional.empty(), path, files, rows, bytes);
    }

    /** What readers see of a partition that holds nothing any more. */
    public static PartitionVersion emptied(Key key) {
        return new PartitionVersion(
                key.date(),
                key.interval(),
                key.batch(),
                key.recordName(),
                EMPTY_FOLDER,
                0,
                0,
                0,
                Optional.of(RowsByCommit.NONE),
                Optional.empty());
    }

    /** A partition of a date that happens to have no rows, and no file. */
    public static PartitionVersion withoutRows(LocalDate date) {
        return new PartitionVersion(date, Optional.empty(), EMPTY_FOLDER, 0, 0, 0);
    }

    /** The same files, whose rows come from other commits. */
    public PartitionVersion from(RowsByCommit commits) {
        return new PartitionVersion(
                date, interval, batch, recordName, path, files, rows, bytes, Optional.of(commits), times);
    }

    /** The same files as the partition of this key. */
    public PartitionVersion as(Key key) {
        return new PartitionVersion(
                key.date(),
                key.interval(),
                key.batch(),
                key.recordName(),
                path,
                files,
                rows,
                bytes,
                rowsByCommit,
                times);
    }

    /** The same files, whose rows are of these event times. */
    public PartitionVersion of(Optional<TimeRange> known) {
        return new PartitionVersion(date, interval, batch, recordName, path, files, rows, bytes, rowsByCommit, known);
    }

    /** Whether rows of it may be of these times; true where their times are not known. */
    public boolean mayHave(Collection<TimeRange> wanted) {
        return times.map(range -> wanted.stream().anyMatch(range::overlaps)).orElse(true);
    }

    /** Whether it holds nothing any more, as opposed to rows that happen to be none. */
    @JsonIgnore
    public boolean isEmptied() {
        return rowsByCommit.isPresent() && rowsByCommit.get().isEmpty();
    }

    /** What readers tell partitions apart by. */
    public Key key() {
        return new Key(date, interval, batch, recordName);
    }

    /** Partition values. */
    public record Key(LocalDate date, Optional<String> interval, Optional<String> batch, Optional<String> recordName) {
        /** That of a table that is not built by intervals. */
        public Key(LocalDate date, Optional<String> batch, Optional<String> recordName) {
            this(date, Optional.empty(), batch, recordName);
        }

        /** That of a table built by intervals. */
        public static Key ofInterval(LocalDate date, String interval) {
            return new Key(date, Optional.of(interval), Optional.empty(), Optional.empty());
        }
    }
}
