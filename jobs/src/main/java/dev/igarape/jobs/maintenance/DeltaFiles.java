package dev.igarape.jobs.maintenance;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import scala.Option;

/**
 * The files of one Delta table: merges small ones and deletes those that no version needs, by Delta's own commands (<a
 * href="https://docs.delta.io/3.3.2/optimizations-oss.html">OPTIMIZE</a> and <a
 * href="https://docs.delta.io/3.3.2/delta-utility.html">VACUUM</a>).
 */
final class DeltaFiles {
    private static final String OPTIMIZE = "OPTIMIZE";
    private static final String TASKS = "8";
    /** Files of at least this size count as sorted: steps and merges of small files seldom make such. */
    static final long SORTED = MergedPartition.LARGE / 4;
    /** The table is sorted once one of so many bytes is in files that are not, or of which one of so many rows is hidden. */
    private static final int POOR = 4;
    /** About what is sorted in a second. A step that comes meanwhile wastes all of it. */
    private static final long SORTED_A_SECOND = 20L << 20;

    private final SparkSession session;
    private final Path folder;
    private final String table;

    /** @param spark any session; this takes its context and none of its settings, which may name a commit of a build */
    DeltaFiles(SparkSession spark, Path folder) {
        this.session = spark.newSession();
        this.folder = folder;
        this.table = "delta.`" + folder.toString().replace("`", "``") + "`";
        String sorted = Long.toString(SORTED);
        // Files of this size are left alone, so that a table does not have all its rows written anew for a few.
        session.conf().set("spark.databricks.delta.optimize.minFileSize", sorted);
        session.conf().set("spark.databricks.delta.optimize.maxFileSize", sorted);
        // Else a VACUUM makes versions, which the ledger does not know.
        session.conf().set("spark.databricks.delta.vacuum.logging.enabled", "false");
        // They shuffle names of files only; the defaults would have a VACUUM run 10,000 tasks.
        session.conf().set("spark.sql.sources.parallelPartitionDiscovery.parallelism", TASKS);
        session.conf().set("spark.sql.shuffle.partitions", TASKS);
    }

    /** How many files the table has now, and their size. */
    record Size(long files, long bytes) {}

    /**
     * How many files the table would have if it were sorted; empty if that would not pay.
     *
     * <p>Files of a step hold keys from anywhere, so a step that looks for keys by range reads all of these. Once they are a
     * good part of the table, or deletion vectors hide a good part of its rows, all of it is sorted. That does not pay for a table
     * that has changed so short a time ago that the next step is likely to come first.
     */
    Optional<Integer> sortedFiles() {
        String poor = "size < " + SORTED + " OR coalesce(deletionVector.cardinality, 0) * " + POOR
                + " >= CAST(get_json_object(stats, '$.numRecords') AS BIGINT) AS poor";
        Row sizes = DeltaLog.forTable(session, folder)
                .update(false, Option.empty(), Option.empty())
                .allFiles()
                .toDF()
                .selectExpr("size", poor)
                .selectExpr("count(*)", "coalesce(sum(size), 0L)", "coalesce(sum(IF(poor, size, 0L)), 0L)")
                .head();
        long bytes = sizes.getLong(1);
        boolean pays = sizes.getLong(0) >= 2 && sizes.getLong(2) * POOR >= bytes;
        return pays && isQuietFor(bytes / SORTED_A_SECOND)
                ? Optional.of((int) (bytes / MergedPartition.LARGE + 1))
                : Optional.empty();
    }

    /** Whether the last version is older than so many seconds, by the clock that Delta has dated it by. */
    private boolean isQuietFor(long seconds) {
        return session.sql("DESCRIBE HISTORY " + table + " LIMIT 1")
                .selectExpr("timestamp <= current_timestamp() - make_dt_interval(0, 0, 0, " + seconds + ")")
                .head()
                .getBoolean(0);
    }

    Size size() {
        Row detail = session.sql("DESCRIBE DETAIL " + table)
                .select("numFiles", "sizeInBytes")
                .head();
        return new Size(detail.getLong(0), detail.getLong(1));
    }

    /** A version of the Delta table's log that the ledger does not have. */
    private record Version(long number, String operation) {}

    /** What follows a version in the log, oldest first. */
    private List<Version> since(long version) {
        return session
                .sql("DESCRIBE HISTORY " + table)
                .select("version", "operation")
                .where("version > " + version)
                .orderBy("version")
                .collectAsList()
                .stream()
                .map(row -> new Version(row.getLong(0), row.getString(1)))
                .toList();
    }

    /** The last version that has the same rows as this one: all between them only merge files. */
    long lastOfSameRows(long version) {
        long last = version;
        for (Version next : since(version)) {
            if (!next.operation().equals(OPTIMIZE)) {
                return last;
            }
            last = next.number();
        }
        return last;
    }

    /** Whether somebody has changed rows after this version. */
    boolean hasChangedSince(long version) {
        return since(version).stream().anyMatch(next -> !next.operation().equals(OPTIMIZE));
    }

    /**
     * Merges files into fewer; makes no version if there is nothing to merge.
     *
     * @return the files that were merged
     */
    Size optimize() {
        Row merged = session.sql(OPTIMIZE + " " + table)
                .selectExpr("metrics.numFilesRemoved", "metrics.filesRemoved.totalSize")
                .head();
        return new Size(merged.getLong(0), merged.getLong(1));
    }

    /** Deletes files that have been in no version for this long, also those of writers that died. */
    void vacuum(Duration kept) {
        session.sql(vacuumed(kept));
    }

    /** The files that this would delete; Delta lists 1,000 at most. */
    List<Path> vacuumable(Duration kept) {
        return session.sql(vacuumed(kept) + " DRY RUN").collectAsList().stream()
                .map(row -> new Path(row.getString(0)))
                .toList();
    }

    private String vacuumed(Duration kept) {
        return "VACUUM " + table + " RETAIN " + kept.toHours() + " HOURS";
    }
}
