package dev.igarape.jobs.daily;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.PartitionVersion.Key;
import dev.igarape.jobs.ledger.TimeRange;
import dev.igarape.jobs.storage.DataFiles;
import dev.igarape.jobs.storage.ParquetJoin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileUtil;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.spark.sql.SparkSession;

/** Puts what a build has written of a partition together with row groups that stand, as a new version in a folder of its own. */
final class PartitionJoin {
    /** A file with more row groups than these is written anew, since small ones are slow to read. */
    static final int MOST_ROW_GROUPS = 32;
    /** Files of this size stay files of their own. */
    private static final long FULL_FILE_BYTES = 128L << 20;
    /** Where more than this stands, executors write it sooner than one process copies it. */
    private static final long MOST_COPIED_BYTES = 1L << 30;

    private final Lake lake;
    private final DateFiles files;
    private final SparkSession session;
    /** Folder of the table. */
    private final String root;

    PartitionJoin(Lake lake, DateFiles files, SparkSession session, String root) {
        this.lake = lake;
        this.files = files;
        this.session = session;
        this.root = root;
    }

    /**
     * A partition that gets rows.
     *
     * @param added folders of these
     * @param path of the partition's new folder, relative to that of the table
     */
    record Target(List<Path> added, Key key, String path, Optional<TimeRange> times) {}

    /** The files of what stands; empty if they are not what the ledger says, or too large to be copied. */
    Optional<List<FileStatus>> standing(Optional<CurrentPartition> partition) throws IOException {
        if (partition.filter(current -> current.partition().files() > 0).isEmpty()) {
            return Optional.of(List.of());
        }
        PartitionVersion stands = partition.get().partition();
        List<FileStatus> found = DataFiles.list(lake.files(), new Path(root, stands.path()));
        long bytes = found.stream().mapToLong(FileStatus::getLen).sum();
        return bytes == stands.bytes() && bytes <= MOST_COPIED_BYTES ? Optional.of(found) : Optional.empty();
    }

    /** How many rows are in row groups of these files that are kept. */
    long rows(List<FileStatus> standing, Predicate<BlockMetaData> kept) throws IOException {
        long rows = 0;
        for (FileStatus file : standing) {
            rows += ParquetJoin.part(files.hadoop(), file, kept).rowGroups().stream()
                    .mapToLong(BlockMetaData::getRowCount)
                    .sum();
        }
        return rows;
    }

    /** What is to be known of each row group of a file. */
    <T> List<T> rowGroups(FileStatus file, Function<BlockMetaData, T> property) throws IOException {
        return ParquetJoin.part(files.hadoop(), file, group -> true).rowGroups().stream()
                .map(property)
                .toList();
    }

    /**
     * Joins what was written with all rows that stand in the partitions that get it.
     *
     * @param partitions those that stand
     * @return empty if files that stand can't be used, see {@link #standing}
     */
    Optional<List<PartitionVersion>> all(List<Target> targets, Map<Key, CurrentPartition> partitions)
            throws IOException {
        List<PartitionVersion> joined = new ArrayList<>();
        for (Target target : targets) {
            List<FileStatus> fresh = fresh(target);
            Optional<List<FileStatus>> stands = standing(Optional.ofNullable(partitions.get(target.key())));
            if (stands.isEmpty()) {
                return Optional.empty();
            }
            if (hasRows(fresh)) {
                joined.add(join(target, stands.get(), fresh, group -> true).orElseThrow());
            }
        }
        return Optional.of(joined);
    }

    /**
     * Joins what was written of one partition with row groups that stand.
     *
     * @param stands files with these
     * @param kept which of them
     * @return empty if they were written in another way, so that they can't be joined
     */
    Optional<PartitionVersion> join(Target target, List<FileStatus> stands, Predicate<BlockMetaData> kept)
            throws IOException {
        return join(target, stands, fresh(target), kept);
    }

    /** A task without rows leaves a file, too. */
    private boolean hasRows(List<FileStatus> files) throws IOException {
        for (FileStatus file : files) {
            if (!rowGroups(file, group -> group).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private List<FileStatus> fresh(Target target) throws IOException {
        List<FileStatus> fresh = new ArrayList<>();
        for (Path folder : target.added()) {
            fresh.addAll(DataFiles.list(folder.getFileSystem(files.hadoop()), folder));
        }
        return fresh;
    }

    private Optional<PartitionVersion> join(
            Target target, List<FileStatus> stands, List<FileStatus> fresh, Predicate<BlockMetaData> kept)
            throws IOException {
        Path folder = new Path(root, target.path());
        lake.files().mkdirs(folder);
        List<ParquetJoin.Part> small = new ArrayList<>();
        for (FileStatus file : stands) {
            ParquetJoin.Part part = ParquetJoin.part(files.hadoop(), file, kept);
            if (part.isWhole() && file.getLen() >= FULL_FILE_BYTES) {
                Path copy = new Path(folder, file.getPath().getName());
                FileUtil.copy(lake.files(), file.getPath(), lake.files(), copy, false, files.hadoop());
            } else if (!part.rowGroups().isEmpty()) {
                small.add(part);
            }
        }
        for (FileStatus file : fresh) {
            small.add(ParquetJoin.part(files.hadoop(), file, group -> true));
        }
        if (!small.isEmpty() && !write(small, folder)) {
            return Optional.empty();
        }
        PartitionVersion version =
                small.isEmpty() && DataFiles.list(lake.files(), folder).isEmpty()
                        ? PartitionVersion.withoutRows(target.key().date())
                        : files.measure(folder, target.path(), target.key().date());
        return Optional.of(version.as(target.key()).of(target.times()));
    }

    /** False, with nothing written, if row groups can't be joined and are not all of their files. */
    private boolean write(List<ParquetJoin.Part> parts, Path folder) throws IOException {
        ParquetJoin join = new ParquetJoin(files.hadoop(), parts);
        boolean isWhole = parts.stream().allMatch(ParquetJoin.Part::isWhole);
        if (join.areAlike() && (join.rowGroups() <= MOST_ROW_GROUPS || !isWhole)) {
            join.write(new Path(folder, "part-" + UUID.randomUUID() + ".zstd.parquet"));
            return true;
        }
        if (!isWhole) {
            return false;
        }
        session.read()
                .parquet(parts.stream()
                        .map(part -> part.file().getPath().toString())
                        .toArray(String[]::new))
                .coalesce(1)
                .write()
                .mode("append")
                .parquet(folder.toString());
        return true;
    }
}
