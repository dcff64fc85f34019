package dev.igarape.jobs.daily;

import dev.igarape.jobs.interval.Interval;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.ParquetFolder;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.PartitionVersion.Key;
import dev.igarape.jobs.ledger.TimeRange;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.jobs.storage.ScratchFileSystem;
import dev.igarape.model.Storage;
import dev.igarape.model.Table;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIsNotEmptyDirectoryException;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.KnownNullable;
import org.apache.spark.sql.functions;
import org.apache.spark.util.Utils;

/** How a commit to a daily table lays out its files: {@code <commit>/date=<date>[/interval=<index>]/*.parquet}. */
final class DateFiles {
    /** A commit lists no more ranges of times, since each entry of a ledger is read many times. */
    private static final int MOST_CHANGED = 24;

    /** The folder of refused rows whose time is in none of a date's intervals, as Spark names it. */
    static final String WITHOUT_INTERVAL = Storage.INTERVAL + "=__HIVE_DEFAULT_PARTITION__";

    private final Lake lake;
    private final Table table;
    private final String commitId;
    private final Configuration hadoop;

    DateFiles(Lake lake, Table table, String commitId) {
        this.lake = lake;
        this.table = table;
        this.commitId = commitId;
        this.hadoop = ScratchFileSystem.in(lake.hadoop());
    }

    TableLayout layout() {
        return new TableLayout(lake.target(), table);
    }

    /** Partition columns besides the date, which a query must not give. */
    List<String> keys() {
        return table.definition().storage().map(Storage::partitionColumns).orElse(List.of());
    }

    /** The folder of a date, relative to that of its table. */
    String path(LocalDate date) {
        return commitId + "/date=" + date;
    }

    /** Settings with which files of {@link #scratch} are found, too. */
    Configuration hadoop() {
        return hadoop;
    }

    /**
     * A folder for files of a date that do not stay: in Spark's own on the disk of this machine, if all tasks are here, and otherwise
     * in the commit's folder. To be deleted with {@link #deleteScratch}; Spark deletes its own when the JVM ends.
     *
     * @throws IOException if no local disk can be written
     */
    Path scratch(SparkSession session, LocalDate date, String name) throws IOException {
        String folder = name + "-" + date;
        if (!session.sparkContext().isLocal()) {
            return new Path(layout().folder(), commitId + "/" + folder);
        }
        session.conf().set(ScratchFileSystem.SETTING, ScratchFileSystem.class.getName());
        return ScratchFileSystem.folder(local(session) + "/igarape-" + commitId + "-" + folder);
    }

    /** Spark's folder on a disk that works, which nobody else may read. Scala does not declare its exception. */
    private static String local(SparkSession session) throws IOException {
        return Utils.getLocalDir(session.sparkContext().getConf());
    }

    /** Deletes such a folder and, in HDFS, that of the commit if nothing else is in it. */
    void deleteScratch(Path folder) throws IOException {
        FileSystem system = folder.getFileSystem(hadoop);
        if (!system.delete(folder, true) || system instanceof ScratchFileSystem) {
            return;
        }
        try {
            system.delete(folder.getParent(), false);
        } catch (PathIsNotEmptyDirectoryException e) {
            // Here is what the commit has written.
        } catch (IOException e) {
            // Other file systems have no exception of their own for that.
            if (system.listStatus(folder.getParent()).length == 0) {
                throw e;
            }
        }
    }

    /** Deletes what has been written of a date, so that it can be written in another way. */
    void discard(LocalDate date) throws IOException {
        lake.files().delete(new Path(layout().folder(), path(date)), true);
        lake.files().delete(new Path(layout().quarantineFolder(), path(date)), true);
    }

    /** The folder of an interval, as Spark names it. */
    static String name(Interval interval) {
        return Storage.INTERVAL + "=" + interval.index();
    }

    static Key key(Interval interval) {
        return Key.ofInterval(interval.date(), interval.label());
    }

    static Key onePiece(LocalDate date) {
        return new Key(date, Optional.empty(), Optional.empty());
    }

    /** @param path of the folder, relative to that of its table */
    PartitionVersion measure(Path folder, String path, LocalDate date) throws IOException {
        return ParquetFolder.measure(lake.files(), lake.hadoop(), folder, path, date);
    }

    /** Settings of a session that builds a date. */
    static void configure(SparkSession session, ZoneId zone, boolean tiny) {
        session.conf().set("spark.sql.session.timeZone", zone.getId());
        // Above this number of folders Spark lists them in a job of its own, which takes longer for small ones.
        session.conf().set("spark.sql.sources.parallelPartitionDiscovery.threshold", "512");
        if (tiny) {
            session.conf().set("spark.sql.shuffle.partitions", "1");
            // To plan each stage anew takes longer than the stage.
            session.conf().set("spark.sql.adaptive.enabled", "false");
            // Finds filters that a query lacks, which takes a good part of the planning and saves nothing here.
            session.conf().set("spark.sql.constraintPropagation.enabled", "false");
            // The plan as text, which Spark makes for listeners and nobody reads here.
            session.conf().set("spark.sql.ui.explainMode", "simple");
        }
    }

    /** What a commit says of the times that it has changed: ranges that are close to each other as one, so that they are few. */
    static List<TimeRange> changed(List<TimeRange> times) {
        Duration gap = Duration.ofSeconds(1);
        List<TimeRange> changed = TimeRange.joined(times);
        while (changed.size() > MOST_CHANGED) {
            gap = gap.multipliedBy(2);
            changed = TimeRange.joined(times, gap);
        }
        return changed;
    }

    /**
     * The same rows, with columns that may be null: Parquet files say which are never null, and only files that say the same
     * can be joined. Spark reads all columns as nullable.
     */
    static Dataset<Row> nullable(Dataset<Row> rows) {
        return rows.select(Arrays.stream(rows.schema().fields())
                .map(field -> {
                    Column column = functions.col("`" + field.name() + "`");
                    Column same = field.nullable() ? column : new Column(new KnownNullable(column.expr()));
                    return same.as(field.name());
                })
                .toArray(Column[]::new));
    }

    /** @param split whether the rows are of several intervals, each of which gets a folder within this one */
    static void save(Dataset<Row> rows, boolean split, boolean tiny, Path folder) {
        Dataset<Row> nullable = nullable(rows);
        if (!split) {
            (tiny ? nullable.coalesce(1) : nullable).write().parquet(folder.toString());
            return;
        }
        (tiny ? nullable.coalesce(1) : nullable.repartition(functions.col(CheckedRows.INTERVAL)))
                .withColumnRenamed(CheckedRows.INTERVAL, Storage.INTERVAL)
                .write()
                .partitionBy(Storage.INTERVAL)
                .parquet(folder.toString());
    }
}
