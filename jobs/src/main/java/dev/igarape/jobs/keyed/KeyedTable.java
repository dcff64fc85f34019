package dev.igarape.jobs.keyed;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.model.Json;
import io.delta.exceptions.DeltaConcurrentModificationException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RuntimeConfig;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.DeltaOperations;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.SetTransaction;
import scala.Option;

/**
 * The Delta table that holds the rows of a table with keys.
 *
 * <p>A commit to it bears the ledger's entry as {@code userMetadata}, so that a run that dies before it has written the entry
 * leaves it to the next one. It also bears a transaction id, which Delta lets only one of several writers use
 * (<a href="https://github.com/delta-io/delta/blob/v3.3.2/PROTOCOL.md#transaction-identifiers">Delta's protocol,
 * transaction identifiers</a>).
 */
final class KeyedTable {
    private static final String CONF = "spark.databricks.delta.";

    private final SparkSession session;
    private final FileSystem files;
    private final Path folder;
    private final boolean changeFeed;
    private final Fold fold;
    private final KnownFiles known;
    /** What has read the rows last, to which changes of them belong. */
    private Optional<RowChanges> reading = Optional.empty();

    /** @param session of one step alone, whose settings this changes */
    KeyedTable(SparkSession session, FileSystem files, Path folder, boolean changeFeed, Fold fold, KnownFiles known) {
        this.session = session;
        this.files = files;
        this.folder = folder;
        this.changeFeed = changeFeed;
        this.fold = fold;
        this.known = known;
    }

    /** A commit to the Delta table and the entry that it bears. */
    record Logged(long version, Commit entry) {}

    /** The rows as they are now, with {@link Fold#BEFORE}. */
    Dataset<Row> rows() {
        return session.withActive(() -> {
            RowChanges read = new RowChanges(
                    session,
                    DeltaLog.forTable(session, folder).startTransaction(Option.empty(), Option.empty()),
                    fold.rowKeys(),
                    known);
            reading = Optional.of(read);
            return read.rows();
        });
    }

    /** Whether so many of the rows that {@link #rows} gave last may be too large for memory. */
    boolean areWide(int count) {
        return reading.orElseThrow().areWide(count);
    }

    /**
     * The commits that bear an entry, in order.
     *
     * @param version the last one that the ledger knows; only those after it are looked at
     */
    static List<Logged> loggedAfter(FileSystem files, Path folder, long version) throws IOException {
        List<Logged> logged = new ArrayList<>();
        for (long next = version + 1; files.exists(log(folder, next)); next++) {
            Optional<Commit> entry = entry(files, log(folder, next));
            if (entry.isPresent()) {
                logged.add(new Logged(next, entry.get()));
            }
        }
        return logged;
    }

    /** The file of a commit. */
    static Path log(Path folder, long version) {
        return new Path(folder, String.format(DeltaLogFolder.NAME + "/%020d.json", version));
    }

    /**
     * The entry that a commit bears, from its {@code commitInfo}
     * (<a href="https://github.com/delta-io/delta/blob/v3.3.2/PROTOCOL.md#commit-provenance-information">Delta's protocol,
     * commit provenance</a>).
     */
    private static Optional<Commit> entry(FileSystem files, Path log) throws IOException {
        try (BufferedReader actions =
                new BufferedReader(new InputStreamReader(files.open(log), StandardCharsets.UTF_8))) {
            for (String action = actions.readLine(); action != null; action = actions.readLine()) {
                JsonNode metadata =
                        Json.mapper().readTree(action).path("commitInfo").path("userMetadata");
                if (metadata.isTextual()) {
                    return Optional.of(Json.mapper().readValue(metadata.textValue(), Commit.class));
                }
            }
        }
        return Optional.empty();
    }

    /**
     * Makes the table with these rows.
     *
     * @return its version
     */
    long create(Dataset<Row> rows, Commit entry, long transaction) throws IOException {
        declare(entry, transaction);
        Column[] keys = fold.rowKeys().stream().map(Latest::column).toArray(Column[]::new);
        // Then each file holds the keys of a range, and a step reads those that it touches.
        rows.repartitionByRange(keys)
                .sortWithinPartitions(keys)
                .write()
                .format("delta")
                .option("delta.enableChangeDataFeed", changeFeed)
                .option("delta.enableDeletionVectors", true)
                // A step that runs each second must not fill the folder of the log; as long as clean keeps versions.
                .option("delta.logRetentionDuration", "interval 7 days")
                .save(folder.toString());
        return 0;
    }

    /**
     * Writes all rows anew, in so many files by ranges of keys. Nothing of it shows in the change feed.
     *
     * @param version the last one, which bears the rows
     * @param transaction one that no step on the same version can use once this is committed, and the other way round
     * @return the version that it made; empty if another writer came first
     */
    Optional<Long> sort(Commit entry, long version, long transaction, int ranges) throws IOException {
        declare(entry, transaction);
        Column[] keys = fold.rowKeys().stream().map(Latest::column).toArray(Column[]::new);
        try {
            session.read()
                    .format("delta")
                    .option("versionAsOf", version)
                    .load(folder.toString())
                    .repartitionByRange(ranges, keys)
                    .sortWithinPartitions(keys)
                    .write()
                    .format("delta")
                    .mode("overwrite")
                    .option("dataChange", false)
                    .save(folder.toString());
        } catch (DeltaConcurrentModificationException e) {
            return Optional.empty();
        }
        return made(entry, version);
    }

    /**
     * Applies changes in one commit.
     *
     * @param changes as {@link Changes#rows} has them, of the rows that {@link #rows} gave last
     * @param transaction number of the step
     * @return the version that it made; empty if another writer came first, be it without a change of rows
     */
    Optional<Long> apply(Dataset<Row> changes, Commit entry, long transaction) throws IOException {
        return commit(entry, transaction, read -> read.write(changes));
    }

    /** Likewise, where the rows that {@link #rows} gave last stay as they are. */
    Optional<Long> applyNothing(Commit entry, long transaction) throws IOException {
        return commit(entry, transaction, read -> List.of());
    }

    /** @param number of the step, of which Delta takes each once */
    private Optional<Long> commit(Commit entry, long number, Function<RowChanges, List<Action>> changes)
            throws IOException {
        declare(entry);
        RowChanges read = reading.orElseThrow(() -> new IllegalStateException("Changes of rows that were not read"));
        reading = Optional.empty();
        OptimisticTransaction transaction = read.transaction();
        String application = application(entry);
        try {
            return session.withActive(() -> {
                if (read.last(application) >= number) {
                    return Optional.<Long>empty();
                }
                // So any other change since then is a conflict: the places of rows hold for what was read.
                transaction.readWholeTable();
                List<Action> actions = new ArrayList<>();
                actions.add(new SetTransaction(
                        application,
                        number,
                        Option.<Object>apply(transaction.clock().getTimeMillis())));
                actions.addAll(changes.apply(read));
                long version = transaction.commit(RowChanges.seq(actions), merge());
                read.keep(version, actions);
                return Optional.of(version);
            });
        } catch (DeltaConcurrentModificationException e) {
            return Optional.empty();
        }
    }

    /** What the commit is called in Delta's history. */
    private static DeltaOperations.Operation merge() {
        return new DeltaOperations.Merge(
                Option.empty(),
                Option.empty(),
                Option.empty(),
                Option.empty(),
                RowChanges.seq(List.of()),
                RowChanges.seq(List.of()),
                RowChanges.seq(List.of()));
    }

    /** The version with an entry: where another writer has used the transaction id, Delta leaves a commit out without a word. */
    private Optional<Long> made(Commit entry, long version) throws IOException {
        return loggedAfter(files, folder, version).stream()
                .filter(logged -> logged.entry().commitId().equals(entry.commitId()))
                .map(Logged::version)
                .findFirst();
    }

    /** Has the next commit bear the entry. */
    private void declare(Commit entry) throws IOException {
        session.conf().set(CONF + "commitInfo.userMetadata", Json.mapper().writeValueAsString(entry));
    }

    /** Likewise, and the transaction id, where Delta's own command commits. */
    private void declare(Commit entry, long transaction) throws IOException {
        declare(entry);
        RuntimeConfig settings = session.conf();
        settings.set(CONF + "write.txnAppId", application(entry));
        settings.set(CONF + "write.txnVersion", transaction);
    }

    private String application(Commit entry) {
        return "igarape." + entry.table() + "." + folder.getParent().getName();
    }
}
