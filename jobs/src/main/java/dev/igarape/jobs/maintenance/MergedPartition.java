package dev.igarape.jobs.maintenance;

import dev.igarape.jobs.avro.AvroBlocks;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.RowsByCommit;
import dev.igarape.jobs.ledger.TimeRange;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;

/**
 * One partition with the rows of several, which keep the commits that they come from, so that nothing built from them
 * becomes stale.
 */
final class MergedPartition {
    /** Partitions of at least this size are not merged; files grow to about this size. */
    static final long LARGE = 128L << 20;

    private MergedPartition() {}

    /**
     * What was written of these partitions, under this key.
     *
     * @throws LakeException (EXPECTATION) if the rows written are not as many
     */
    static PartitionVersion of(PartitionVersion written, List<CurrentPartition> merged, PartitionVersion.Key key) {
        long rows = rows(merged);
        if (written.rows() != rows) {
            throw differs(written.path(), rows + " rows", written.rows() + " rows");
        }
        return written.as(key)
                .from(RowsByCommit.sum(
                        merged.stream().map(CurrentPartition::rowsByCommit).toList()))
                .of(TimeRange.span(merged.stream()
                        .map(placed -> placed.partition().times())
                        .toList()));
    }

    /**
     * Merges Avro partitions by copying their blocks without decoding, and verifies the copy. Commits that follow each other
     * are put together, of which these partitions hold all rows with their date and record name.
     *
     * @param root folder of the table
     * @param path of the new folder within it
     */
    static PartitionVersion ofAvro(Lake lake, List<CurrentPartition> merged, String root, String path)
            throws IOException {
        PartitionVersion first = merged.get(0).partition();
        Path folder = new Path(root, path);
        AvroBlocks blocks = new AvroBlocks(lake.files(), LARGE);
        List<Path> from = new ArrayList<>();
        for (Path source : folders(merged, root)) {
            from.addAll(avroFiles(lake, source));
        }
        if (from.isEmpty()) {
            return of(PartitionVersion.withoutRows(first.date()), merged, first.key());
        }
        blocks.copy(from, folder);
        List<Path> copies = avroFiles(lake, folder);
        AvroBlocks.Content before = blocks.content(from);
        AvroBlocks.Content after = blocks.content(copies);
        if (!before.equals(after)) {
            throw differs(folder, before, after);
        }
        long bytes = 0;
        for (Path copy : copies) {
            bytes += lake.files().getFileStatus(copy).getLen();
        }
        PartitionVersion written =
                new PartitionVersion(first.date(), Optional.empty(), path, copies.size(), after.rows(), bytes);
        PartitionVersion whole = of(written, merged, first.key());
        return whole.from(whole.rowsByCommit().orElseThrow().joined());
    }

    /** The folders of these partitions, but for those without files. */
    static List<Path> folders(List<CurrentPartition> partitions, String root) {
        return partitions.stream()
                .map(CurrentPartition::partition)
                .filter(partition -> partition.files() > 0)
                .map(partition -> new Path(root, partition.path()))
                .toList();
    }

    static long files(List<CurrentPartition> partitions) {
        return partitions.stream()
                .mapToLong(placed -> placed.partition().files())
                .sum();
    }

    static long rows(List<CurrentPartition> partitions) {
        return partitions.stream()
                .mapToLong(placed -> placed.partition().rows())
                .sum();
    }

    static long bytes(List<CurrentPartition> partitions) {
        return partitions.stream()
                .mapToLong(placed -> placed.partition().bytes())
                .sum();
    }

    static LakeException differs(Object where, Object before, Object after) {
        return new LakeException(
                ExitCode.EXPECTATION,
                "Refused to commit a compaction: " + where + " holds " + after + " instead of " + before
                        + ". Nothing was published. This is a bug or a broken disk: run again, and report it if it"
                        + " stays.");
    }

    private static List<Path> avroFiles(Lake lake, Path folder) throws IOException {
        List<Path> files = new ArrayList<>();
        for (FileStatus status : lake.files().listStatus(folder)) {
            if (status.isFile() && status.getPath().getName().endsWith(".avro")) {
                files.add(status.getPath());
            }
        }
        return files;
    }
}
