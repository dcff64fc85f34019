package dev.igarape.jobs.keyed;

import static org.apache.spark.sql.functions.array;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.substring_index;
import static org.apache.spark.sql.functions.when;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.expressions.aggregation.BitmapAggregator;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.VersionChecksum;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.DeletionVectorDescriptor;
import org.apache.spark.sql.delta.actions.FileAction;
import org.apache.spark.sql.delta.actions.RemoveFile;
import org.apache.spark.sql.delta.actions.SetTransaction;
import org.apache.spark.sql.delta.commands.DMLWithDeletionVectorsHelper;
import org.apache.spark.sql.delta.commands.DeletionVectorData;
import org.apache.spark.sql.delta.commands.DeletionVectorWriter;
import org.apache.spark.sql.delta.commands.TouchedFileWithDV;
import org.apache.spark.sql.delta.commands.cdc.CDCReader;
import org.apache.spark.sql.delta.deletionvectors.RoaringBitmapArray;
import org.apache.spark.sql.delta.deletionvectors.RoaringBitmapArrayFormat;
import org.apache.spark.sql.delta.storage.dv.DeletionVectorStore;
import org.apache.spark.sql.delta.storage.dv.DeletionVectorStoreUtils;
import org.apache.spark.sql.delta.storage.dv.HadoopFileSystemDVStore;
import org.apache.spark.sql.delta.util.DeltaFileOperations;
import org.apache.spark.sql.types.StructType;
import scala.Option;
import scala.Tuple2;
import scala.collection.JavaConverters;

/**
 * A transaction that reads the rows of a Delta table, and writes changes of them as the file actions of its commit. Deletion vectors
 * hide rows that are there, files get the new ones, and further files both for the change feed. These are the actions of Delta's
 * {@code MERGE}, which would look for the rows three times; here each change says where its row is.
 *
 * @see <a href="https://github.com/delta-io/delta/blob/v3.3.2/PROTOCOL.md#deletion-vectors">Delta's protocol, deletion vectors</a>
 * @see <a href="https://github.com/delta-io/delta/blob/v3.3.2/PROTOCOL.md#add-cdc-file">Delta's protocol, change files</a>
 */
final class RowChanges {
    /** Fields of {@link Fold#BEFORE}: the file as a URL, the number of the row in it from 0, and the columns for the change feed. */
    private static final String FILE = "file";

    private static final String INDEX = "index";
    private static final String COLUMNS = "columns";

    /** Setting, for tests: of a table with more files, and not small, Delta looks for those that a step reads. */
    private static final String LISTED = "spark.igarape.listed";

    private static final String DEFAULT_LISTED = "1000";

    /** Rows in files of so many bytes fit into memory beside all else. */
    private static final long MEMORY = 4L << 20;

    private static final String ROWS = "rows";
    private static final String WRITTEN = "written";
    private static final String ROW = "row";
    private static final String TYPE = "type";
    /** Delta's column for the change feed; rows of the table have null there. */
    private static final String CHANGE_TYPE = "_change_type";

    private final SparkSession session;
    private final OptimisticTransaction transaction;
    private final List<String> keys;
    private final KnownFiles known;
    private final boolean changeFeed;
    /** All files by absolute path; empty before they are read, and where Delta looks for those that a step reads. */
    private Optional<Map<String, AddFile>> all = Optional.empty();

    /** @param keys columns that name a row */
    RowChanges(SparkSession session, OptimisticTransaction transaction, List<String> keys, KnownFiles known) {
        this.session = session;
        this.transaction = transaction;
        this.keys = List.copyOf(keys);
        this.known = known;
        // A definition that says otherwise holds for the table once it is built anew.
        this.changeFeed = CDCReader.isCDCEnabledOnTable(transaction.snapshot().metadata(), session);
    }

    OptimisticTransaction transaction() {
        return transaction;
    }

    /**
     * The number of the last step that the table has; -1: none. A step of the same application that is committed after this was asked
     * is a conflict.
     */
    long last(String application) {
        Option<scala.collection.Seq<SetTransaction>> steps =
                checksum().isDefined() ? checksum().get().setTransactions() : Option.empty();
        if (steps.isEmpty()) {
            return transaction.txnVersion(application);
        }
        // As Delta does there, but for a replay of the log.
        JavaConverters.bufferAsJavaList(transaction.readTxn()).add(application);
        return JavaConverters.seqAsJavaList(steps.get()).stream()
                .filter(step -> step.appId().equals(application))
                .mapToLong(SetTransaction::version)
                .findFirst()
                .orElse(-1);
    }

    /** What Delta keeps beside each commit; where it is missing, the log has to be replayed. */
    private Option<VersionChecksum> checksum() {
        return transaction.snapshot().checksumOpt();
    }

    private long bytes() {
        return checksum().isDefined()
                ? checksum().get().tableSizeBytes()
                : transaction.snapshot().sizeInBytes();
    }

    /**
     * Whether so many of {@link #rows} may be too large for memory: all together, and if each is as large as those of the file with the
     * widest rows, on average. Where files are not listed, that is not known.
     */
    boolean areWide(int count) {
        return bytes() > MEMORY
                && all.map(files -> files.values().stream().anyMatch(file -> count * bytesOfRow(file) > MEMORY))
                        .orElse(true);
    }

    private static long bytesOfRow(AddFile file) {
        Option<Object> rows = file.numPhysicalRecords();
        return file.size() / Math.max(1, rows.isDefined() ? (Long) rows.get() : 1);
    }

    /** The rows that the transaction sees, with {@link Fold#BEFORE}. */
    Dataset<Row> rows() {
        boolean small = TouchedKeys.isSmall(session, bytes());
        Dataset<Row> rows = small || haveFewFiles() && haveComparedKeys()
                ? listed(small)
                : session.baseRelationToDataFrame(transaction
                        .deltaLog()
                        .createRelation(seq(List.of()), Option.apply(transaction.snapshot()), Option.empty(), true));
        Column metadata = rows.metadataColumn("_metadata");
        List<Column> before = new ArrayList<>(List.of(
                metadata.getField("file_path").as(FILE),
                metadata.getField("row_index").as(INDEX)));
        if (changeFeed) {
            before.add(struct(Latest.columns(rows)).as(COLUMNS));
        }
        return rows.withColumn(Fold.BEFORE, struct(before.toArray(new Column[0])));
    }

    private boolean haveFewFiles() {
        return checksum().isDefined()
                && checksum().get().numFiles() <= Long.parseLong(session.conf().get(LISTED, DEFAULT_LISTED));
    }

    private boolean haveComparedKeys() {
        return Stream.of(transaction.snapshot().schema().fields())
                .filter(column -> keys.contains(column.name()))
                .allMatch(key -> ListedFiles.compare(key.dataType()));
    }

    /** The files are listed once and for all; Delta would list them for the query, for deletion vectors, and to change some. */
    private Dataset<Row> listed(boolean small) {
        List<AddFile> files = known.of(transaction.snapshot())
                .orElseGet(() -> transaction.snapshot().allFiles().collectAsList());
        all = Optional.of(byPath(files));
        DeltaLog log = transaction.deltaLog();
        ListedFiles index = new ListedFiles(session, log, transaction.snapshot(), files, !small);
        return session.baseRelationToDataFrame(
                log.buildHadoopFsRelationWithFileIndex(transaction.snapshot(), index, Option.empty(), true));
    }

    /**
     * Writes the files of changes.
     *
     * @param changes as {@link Changes#rows} has them, of {@link #rows}
     */
    List<Action> write(Dataset<Row> changes) {
        List<Action> actions = new ArrayList<>(hide(changes));
        Dataset<Row> rows = written(changes, !actions.isEmpty());
        // Spark would write a file for each core.
        scala.collection.Seq<FileAction> written =
                transaction.writeFiles(KeptRows.areInMemory(changes) ? rows.coalesce(1) : rows);
        actions.addAll(JavaConverters.seqAsJavaList(written));
        return actions;
    }

    /**
     * Keeps the files of a version for the next step.
     *
     * @param version that the transaction has made of these actions
     */
    void keep(long version, List<Action> actions) {
        if (all.isEmpty() || version != transaction.snapshot().version() + 1) {
            return;
        }
        Map<String, AddFile> files = new HashMap<>(all.get());
        for (Action action : actions) {
            if (action instanceof RemoveFile removed) {
                files.remove(absolute(removed.path()));
            }
        }
        // Also those that were removed with another deletion vector.
        for (Action action : actions) {
            if (action instanceof AddFile added) {
                files.put(absolute(added.path()), added);
            }
        }
        known.keep(transaction, List.copyOf(files.values()));
    }

    /** The columns of the table and, where rows are hidden, of the change feed; else it has the rows of the new files. */
    private Dataset<Row> written(Dataset<Row> changes, boolean hides) {
        StructType schema = transaction.snapshot().schema();
        Column after = struct(Stream.of(schema.fieldNames()).map(Latest::column).toArray(Column[]::new))
                .cast(schema);
        Column change = col(Fold.CHANGE);
        if (!changeFeed || !hides) {
            return changes.filter(change.notEqual(Fold.DELETE))
                    .select(after.as(ROW))
                    .select(ROW + ".*");
        }
        Column before = col(Fold.BEFORE).getField(COLUMNS).cast(schema);
        Column none = lit(null).cast("string");
        Column rows = when(change.equalTo(Fold.INSERT), array(written(after, none), written(after, lit("insert"))))
                .when(
                        change.equalTo(Fold.UPDATE),
                        array(
                                written(after, none),
                                written(before, lit("update_preimage")),
                                written(after, lit("update_postimage"))))
                .otherwise(array(written(before, lit("delete"))));
        return changes.select(explode(rows).as(WRITTEN))
                .select(
                        col(WRITTEN + "." + ROW + ".*"),
                        col(WRITTEN + "." + TYPE).as(CHANGE_TYPE));
    }

    private static Column written(Column row, Column type) {
        return struct(row.as(ROW), type.as(TYPE));
    }

    /**
     * Rows of a file that are hidden.
     *
     * @param file as a URL
     * @param bitmap of their numbers
     */
    private record Hidden(String file, long rows, byte[] bitmap) {}

    /** Hides the rows that are updated or deleted. A file of which none is left is removed. */
    private List<Action> hide(Dataset<Row> changes) {
        Dataset<Row> replaced = changes.filter(col(Fold.CHANGE).notEqual(Fold.INSERT))
                .select(
                        col(Fold.BEFORE).getField(FILE).as(FILE),
                        col(Fold.BEFORE).getField(INDEX).as(INDEX));
        List<Hidden> hidden = KeptRows.areInMemory(replaced) ? ofRowsInMemory(replaced) : ofRowsInFiles(replaced);
        return hidden.isEmpty() ? List.of() : hide(hidden);
    }

    private static List<Hidden> ofRowsInMemory(Dataset<Row> replaced) {
        Map<String, RoaringBitmapArray> bitmaps = new TreeMap<>();
        for (Row row : replaced.collectAsList()) {
            bitmaps.computeIfAbsent(row.getString(0), file -> new RoaringBitmapArray())
                    .add(row.getLong(1));
        }
        List<Hidden> hidden = new ArrayList<>();
        bitmaps.forEach((file, bitmap) -> {
            bitmap.runOptimize();
            hidden.add(new Hidden(
                    file, bitmap.cardinality(), bitmap.serializeAsByteArray(RoaringBitmapArrayFormat.Portable())));
        });
        return hidden;
    }

    private static List<Hidden> ofRowsInFiles(Dataset<Row> replaced) {
        Column bitmap = new Column(new BitmapAggregator(
                        col(INDEX).expr(),
                        0,
                        0,
                        RoaringBitmapArrayFormat.Portable().toString())
                .toAggregateExpression());
        return replaced
                .groupBy(FILE)
                .agg(bitmap.as(ROWS))
                .select(col(FILE), col(ROWS + ".cardinality"), col(ROWS + ".bitmap"))
                .collectAsList()
                .stream()
                .map(row -> new Hidden(row.getString(0), row.getLong(1), (byte[]) row.get(2)))
                .toList();
    }

    /** Writes the deletion vectors of all files into one; those that are there are merged in. */
    private List<Action> hide(List<Hidden> hidden) {
        Map<String, AddFile> files = files(hidden);
        DeltaLog log = transaction.deltaLog();
        Path folder = log.dataPath();
        DeletionVectorStore store = new HadoopFileSystemDVStore(log.newDeltaHadoopConf());
        Tuple2<DeletionVectorStoreUtils.Writer, UUID> made =
                DeletionVectorWriter.createWriter(store, store.pathWithFileSystem(folder), "");
        List<TouchedFileWithDV> touched = new ArrayList<>();
        try (DeletionVectorStoreUtils.Writer writer = made._1()) {
            DeletionVectorWriter.DeletionVectorMapperContext vectors =
                    new DeletionVectorWriter.DeletionVectorMapperContext(store, writer, folder, made._2(), "");
            for (Hidden rows : hidden) {
                String path = rows.file();
                AddFile file = Objects.requireNonNull(files.get(absolute(path)), path);
                DeletionVectorDescriptor known = file.deletionVector();
                DeletionVectorData more = new DeletionVectorData(
                        path,
                        Option.apply(known == null ? null : known.serializeToBase64()),
                        rows.bitmap(),
                        rows.rows());
                DeletionVectorDescriptor vector = DeletionVectorWriter.storeBitmapAndGenerateResult(vectors, more)
                        .deletionVector();
                touched.add(new TouchedFileWithDV(path, file, vector, rows.rows()));
            }
        }
        if (touched.stream()
                .allMatch(file -> file.fileLogEntry().numPhysicalRecords().isDefined())) {
            return touched.stream().flatMap(this::replaced).toList();
        }
        // Somebody has written a file without its number of rows, which Delta takes from the file then.
        return JavaConverters.seqAsJavaList(DMLWithDeletionVectorsHelper.processUnmodifiedData(
                                session, seq(touched), transaction.snapshot())
                        ._1())
                .stream()
                .map(Action.class::cast)
                .toList();
    }

    private Stream<Action> replaced(TouchedFileWithDV touched) {
        AddFile file = touched.fileLogEntry();
        if (touched.isFullyReplaced()) {
            return Stream.of(file.removeWithTimestamp(transaction.clock().getTimeMillis(), true));
        }
        // Least and greatest values are of all rows from now on, hidden ones too.
        Tuple2<AddFile, RemoveFile> replaced = file.removeRows(touched.newDeletionVector(), true, true);
        return Stream.of(replaced._1(), replaced._2());
    }

    /** The entries of the log for files, with their statistics, by absolute path. */
    private Map<String, AddFile> files(List<Hidden> hidden) {
        if (all.isPresent()) {
            return all.get();
        }
        Object[] names = hidden.stream()
                .map(rows -> rows.file().substring(rows.file().lastIndexOf('/') + 1))
                .toArray();
        return byPath(transaction
                .snapshot()
                .allFiles()
                .filter(substring_index(col("path"), "/", -1).isin(names))
                .collectAsList());
    }

    private Map<String, AddFile> byPath(List<AddFile> files) {
        Map<String, AddFile> byPath = new HashMap<>();
        files.forEach(file -> byPath.put(absolute(file.path()), file));
        return byPath;
    }

    private String absolute(String path) {
        return DeltaFileOperations.absolutePath(
                        transaction.deltaLog().dataPath().toString(), path)
                .toString();
    }

    /** A list, as Scala takes it. */
    static <T> scala.collection.Seq<T> seq(List<T> list) {
        return JavaConverters.asScalaBuffer(list).toSeq();
    }
}
