package dev.igarape.jobs.landing.jdbc;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.landing.jdbc.dialect.SourceColumn;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.LandingWatermark;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.ParquetFolder;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.CommitLoop;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.jobs.sql.TableColumns;
import dev.igarape.model.Source;
import dev.igarape.model.Storage;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;

/**
 * Lands the rows of an outbox and deletes them there, as Parquet partitioned by (date, batch), where a batch is a commit.
 *
 * <p>Rows are deleted after the commit that holds them, by their keys. A run that dies in between leaves rows in both places; so
 * each run first deletes those of the last commit, and commits only as the next one after the state on which it did so. So a row
 * is landed once, and it is in one of the two at any time.
 */
final class OutboxLanding {
    private static final int KEYS_AT_ONCE = 10_000;

    private final Lake lake;
    private final Publishing publisher;
    private final Supplier<SparkSession> spark;
    private final Table table;
    private final Source.Jdbc source;

    /** @param spark asked only if something must be read */
    OutboxLanding(Lake lake, Publishing publisher, Supplier<SparkSession> spark, Table table, Source.Jdbc source) {
        this.lake = lake;
        this.publisher = publisher;
        this.spark = spark;
        this.table = table;
        this.source = source;
    }

    /**
     * Lands, publishes and deletes what the outbox has.
     *
     * @throws LakeException UNAVAILABLE if the database is down or breaks off, or its columns change meanwhile; DEFINITION if it
     *     refuses, gives columns that a table can't have, has no key by which rows can be deleted, or keeps rows that were
     *     deleted, if the table has rows that were not drained, or if rows are still to be deleted from another outbox
     */
    TableRun run() throws IOException, InterruptedException {
        LocalDate today = LocalDate.ofInstant(lake.clock().instant(), lake.timezone(table));
        JdbcQuery query = new JdbcQuery(lake, table, source, lake.timezone(table));
        Outbox outbox = new Outbox(new SourceDatabase(lake, table, source), thrown -> query.failure(thrown, today));
        Outbox.Key key = outbox.key();
        SparkSession session = spark.get().newSession();
        session.conf().set("spark.sql.session.timeZone", lake.timezone(table).getId());
        Ledger ledger = lake.ledger(table.name());
        CommitLoop loop = new CommitLoop(table, ledger, publisher, lake.steps());
        return loop.run("commit to " + table.name(), "drained the same table", state -> {
            Instant asked = lake.clock().instant();
            requireDrained(state);
            Optional<Commit> last = last(ledger, state);
            if (last.isPresent()) {
                delete(session, outbox, key, last.get());
            }
            lake.steps().reached(Step.PLANNED);
            if (state.head() > 0 && outbox.isEmpty()) {
                return new CommitLoop.Unchanged<>(() -> {
                    watermark().record(asked);
                    return TableRun.unchanged(table.name(), state, Balance.NONE);
                });
            }
            Commit draft = read(
                    session,
                    query,
                    today,
                    schema -> outbox.requireKept(
                            key, landed(key), schema.apply(landed(key)).dataType()));
            new DrainedCommit(lake, table.name()).isToBeOf(outbox.identity());
            return new CommitLoop.NextDraft<>(draft, commit -> {
                delete(session, outbox, key, commit);
                watermark().record(asked);
                return TableRun.committed(commit, List.of());
            });
        });
    }

    private Path folder(String path) {
        return new Path(new TableLayout(lake.target(), table).folder(), path);
    }

    private LandingWatermark watermark() throws IOException {
        return new LandingWatermark(lake.target(), lake.hadoop(), table.name());
    }

    /** Of rows that were not drained it is not known whether they are in the outbox. */
    private void requireDrained(LedgerState state) {
        if (state.partitions().stream()
                .map(LedgerState.CurrentPartition::partition)
                .anyMatch(
                        partition -> partition.files() > 0 && partition.batch().isEmpty())) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "Cannot drain " + source.table() + " to " + table.name()
                            + ": it has dates that were landed without `drain`. Declare a table of another name for the"
                            + " outbox.");
        }
    }

    /** @param check what is to be true of the columns, before anything is read */
    private Commit read(SparkSession session, JdbcQuery query, LocalDate today, Consumer<StructType> check)
            throws IOException, InterruptedException {
        String commitId = lake.newCommitId();
        Observation observation = new Observation("igarape " + table.name() + " " + commitId);
        Map<String, String> columns;
        try {
            List<SourceColumn> asked = query.columns(today);
            Dataset<Row> rows = query.dated(session, today);
            Dataset<Row> undated = rows.drop(JdbcQuery.DATE);
            check.accept(undated.schema());
            TableColumns.requireReadable(undated.schema(), List.of(Storage.BATCH), source.table());
            columns = TableColumns.of(undated.schema());
            rows.observe(observation, functions.count(functions.lit(1)).as("read"))
                    .write()
                    .partitionBy(JdbcQuery.DATE)
                    .parquet(folder(commitId).toString());
            // A column that came in between has not been read, and would be deleted with its rows.
            if (!query.columns(today).equals(asked)) {
                throw new LakeException(
                        ExitCode.UNAVAILABLE,
                        "The columns of " + source.table() + " have changed while it was read. Nothing was landed in "
                                + table.name() + " and nothing was deleted. Run again.");
            }
        } catch (LakeException e) {
            throw e;
        } catch (Exception e) {
            // Scala does not declare what it throws.
            throw query.failure(e, today);
        }
        List<PartitionVersion> partitions = partitions(commitId);
        long read = (Long) observation.getAsJava().get("read");
        long written = partitions.stream().mapToLong(PartitionVersion::rows).sum();
        return lake.draft(table, commitId, Operation.LAND)
                .columns(columns)
                .partitions(partitions)
                .balance(Balance.landed(read, written, 0))
                .build();
    }

    /** What a commit has written, by the folders of its dates. */
    private List<PartitionVersion> partitions(String commitId) throws IOException {
        List<PartitionVersion> partitions = new ArrayList<>();
        for (FileStatus dated : lake.files().listStatus(folder(commitId))) {
            String name = dated.getPath().getName();
            if (dated.isDirectory() && name.startsWith(JdbcQuery.DATE + "=")) {
                LocalDate date = LocalDate.parse(name.substring(name.indexOf('=') + 1));
                PartitionVersion written = ParquetFolder.measure(
                        lake.files(), lake.hadoop(), dated.getPath(), commitId + "/" + name, date);
                partitions.add(written.as(new PartitionVersion.Key(date, Optional.of(commitId), Optional.empty())));
            }
        }
        return partitions;
    }

    /** The last commit that landed rows; empty if none did, or readers have lost sight of all of them. */
    private static Optional<Commit> last(Ledger ledger, LedgerState state) throws IOException {
        Optional<Long> sequence = state.partitions().stream()
                .filter(current -> current.partition().files() > 0)
                .map(LedgerState.CurrentPartition::sequence)
                .max(Long::compare);
        return sequence.isEmpty() ? Optional.empty() : Optional.of(ledger.commit(sequence.get()));
    }

    /** Deletes the rows of a commit from the outbox, unless that was done. */
    private void delete(SparkSession session, Outbox outbox, Outbox.Key key, Commit commit) throws IOException {
        DrainedCommit drained = new DrainedCommit(lake, table.name());
        if (drained.is(commit.commitId())) {
            return;
        }
        if (!drained.isOf(outbox.identity())) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "Cannot drain " + source.table() + " to " + table.name() + ": rows of commit " + commit.commitId()
                            + " are still to be deleted from the table that was drained before. Let url and table name"
                            + " that one again and run, and change them after that.");
        }
        String[] folders = commit.partitions().stream()
                .map(partition -> folder(partition.path()).toString())
                .toArray(String[]::new);
        if (folders.length > 0) {
            try {
                Iterator<Row> keys = session.read()
                        .parquet(folders)
                        .select(functions.col(landed(key)).cast("string"))
                        .toLocalIterator();
                List<String> some = new ArrayList<>();
                while (keys.hasNext()) {
                    some.add(keys.next().getString(0));
                    if (some.size() == KEYS_AT_ONCE || !keys.hasNext()) {
                        outbox.delete(key, some);
                        some.clear();
                    }
                }
            } catch (SQLException e) {
                throw new LakeException(
                        ExitCode.UNAVAILABLE,
                        "Rows of %s are landed in %s by commit %s, but could not be deleted: %s. Nothing is lost, and the next run deletes them before it lands more. See that the database is up, and run again."
                                .formatted(source.table(), table.name(), commit.commitId(), e.getMessage()),
                        e);
            }
        }
        drained.record(commit.commitId());
    }

    /** The column of the lake that has the key. */
    private String landed(Outbox.Key key) {
        return source.from().entrySet().stream()
                .filter(column -> ColumnNames.unquoted(column.getValue()).equals(key.column()))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(key.column());
    }
}
