package dev.igarape.jobs.input;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.DeltaVersion;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.SnapshotRead;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.commands.cdc.CDCReader;
import org.apache.spark.sql.functions;
import scala.Option;

/** An input without dates, as it is when it is opened. Builds read one version of it, which may be an earlier one. */
public final class SnapshotInput {
    /** What Delta's feed calls rows that a table has got or given up. */
    private static final Object[] CHANGES = {"insert", "delete", "update_preimage", "update_postimage"};

    private final Lake lake;
    private final Table table;
    private final Ledger ledger;
    private final LedgerState state;
    private final SnapshotVersions versions;
    private Optional<Long> bytes = Optional.empty();

    private SnapshotInput(Lake lake, Table table, Ledger ledger, LedgerState state) {
        this.lake = lake;
        this.table = table;
        this.ledger = ledger;
        this.state = state;
        this.versions = new SnapshotVersions(state, ledger::commit);
    }

    public static SnapshotInput open(Lake lake, TableName name) throws IOException {
        Ledger ledger = lake.ledger(name);
        return new SnapshotInput(lake, lake.table(name), ledger, ledger.read());
    }

    public SnapshotVersions versions() {
        return versions;
    }

    /** The version to read where this one was read before: that one, or the newest if it has the same rows. */
    public SnapshotRead like(SnapshotRead version) throws IOException {
        return versions.isOfSameRows(version) ? versions.newest().orElse(version) : version;
    }

    /** Bytes of its files, those of earlier versions too. */
    public synchronized long bytes() throws IOException {
        if (bytes.isEmpty()) {
            long length = 0;
            if (state.delta().isPresent()) {
                Path folder = folder(state.delta().get());
                length = lake.files().exists(folder)
                        ? lake.files().getContentSummary(folder).getLength()
                        : 0;
            }
            bytes = Optional.of(length);
        }
        return bytes.get();
    }

    /**
     * All rows of a version, with the columns that it has.
     *
     * @throws LakeException NO_INPUT if it is there no more, EXPECTATION if that is the newest. Of a version of which only
     *     files are missing, this is found when the rows are read. Either way {@link #isGone} tells
     */
    public Dataset<Row> rows(SparkSession session, SnapshotRead version) throws IOException {
        DeltaVersion delta = delta(version);
        try {
            return load(session, delta);
        } catch (AnalysisException | FileNotFoundException e) {
            throw gone(version, Optional.of(delta), e);
        } catch (IllegalStateException e) {
            if (session.sparkContext().isStopped()) {
                throw e;
            }
            // Delta's word for a log that lacks files.
            throw gone(version, Optional.of(delta), e);
        }
    }

    /**
     * The rows that the table has got since a version, and those that it has given up; one that was changed is both, as it was and as
     * it is. Empty where no feed tells: the table was built anew since, is of another history, or keeps none. Where files of the
     * feed are missing, this is found when the rows are read, and {@link #isGone} tells.
     */
    public Optional<Dataset<Row>> changesSince(SparkSession session, SnapshotRead version) throws IOException {
        DeltaVersion now = state.delta().orElseThrow();
        Optional<DeltaVersion> then =
                known(version).filter(known -> known.folder().equals(now.folder()) && known.version() < now.version());
        if (then.isEmpty() || !keepsFeed(session, folder(now))) {
            return Optional.empty();
        }
        Dataset<Row> feed = session.read()
                .format("delta")
                .option("readChangeFeed", "true")
                .option("startingVersion", then.get().version() + 1)
                .option("endingVersion", now.version())
                .load(folder(now).toString());
        return Optional.of(feed.filter(functions.col("_change_type").isin(CHANGES))
                .drop("_change_type", "_commit_version", "_commit_timestamp"));
    }

    private Optional<DeltaVersion> known(SnapshotRead version) throws IOException {
        if (!versions.isOfThisHistory(version)) {
            return Optional.empty();
        }
        try {
            return ledger.commit(version.commit()).delta();
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    private static boolean keepsFeed(SparkSession session, Path folder) {
        return session.withActive(() -> CDCReader.isCDCEnabledOnTable(
                DeltaLog.forTable(session, folder)
                        .startTransaction(Option.empty(), Option.empty())
                        .snapshot()
                        .metadata(),
                session));
    }

    /** Declares the exceptions that Scala does not, so that they can be caught. */
    private Dataset<Row> load(SparkSession session, DeltaVersion delta)
            throws AnalysisException, FileNotFoundException {
        return session.read()
                .format("delta")
                .option("versionAsOf", delta.version())
                .load(folder(delta).toString());
    }

    private DeltaVersion delta(SnapshotRead version) throws IOException {
        if (versions.isNewest(version)) {
            return state.delta().orElseThrow();
        }
        Optional<DeltaVersion> delta = Optional.empty();
        if (versions.isOfThisHistory(version)) {
            try {
                delta = ledger.commit(version.commit()).delta();
            } catch (FileNotFoundException e) {
                throw gone(version, Optional.empty(), e);
            }
        }
        if (delta.isEmpty()) {
            throw gone(version, delta, new FileNotFoundException());
        }
        return delta.get();
    }

    private LakeException gone(SnapshotRead version, Optional<DeltaVersion> delta, Throwable cause) throws IOException {
        boolean holds = versions.isNewest(version);
        return new LakeException(
                holds ? ExitCode.EXPECTATION : ExitCode.NO_INPUT,
                "Cannot read " + table.name() + " as commit " + version.commit() + " left it: "
                        + delta.map(known -> "version " + known.version() + " of the Delta table " + folder(known)
                                        + " is gone")
                                .orElse("its ledger does not have that commit")
                        + ". "
                        + (holds
                                ? "Put the folder back from a backup or a snapshot of HDFS, or delete the table's ledger and"
                                        + " build all dates of it again, and then those of tables that read it: ./lake"
                                        + " backfill " + table.name() + " --from A --to B."
                                : "./lake clean keeps earlier versions for some days only."),
                cause instanceof FileNotFoundException ? cause : new FileNotFoundException().initCause(cause));
    }

    private Path folder(DeltaVersion version) {
        return new Path(new TableLayout(lake.target(), table).deltaFolder(version));
    }

    /** Whether a failure says that files are missing. */
    public static boolean isGone(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof FileNotFoundException) {
                return true;
            }
        }
        return false;
    }
}
