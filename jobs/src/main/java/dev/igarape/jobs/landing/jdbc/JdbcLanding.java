package dev.igarape.jobs.landing.jdbc;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.DateBuild;
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
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * Lands a table of a database by date, as Parquet with the columns that the database gives. A date that was landed
 * before is kept unless it is read again on purpose.
 */
public final class JdbcLanding {
    private final Lake lake;
    private final Publishing publisher;
    private final Supplier<SparkSession> spark;

    /** @param spark asked only if something must be read */
    public JdbcLanding(Lake lake, Publishing publisher, Supplier<SparkSession> spark) {
        this.lake = lake;
        this.publisher = publisher;
        this.spark = spark;
    }

    /**
     * Reads and publishes these dates, each a commit of its own: what was read before a date failed is committed.
     *
     * @param refetch also read dates that were landed before; what is read replaces them
     * @throws LakeException UNAVAILABLE if the database is down or breaks off; DEFINITION if it refuses, or gives columns
     *     that a table can't have; then nothing of that date is committed
     */
    public List<TableRun> run(Table table, Source.Jdbc source, List<LocalDate> dates, boolean refetch)
            throws IOException, InterruptedException {
        Ledger ledger = lake.ledger(table.name());
        List<TableRun> runs = new ArrayList<>();
        for (LocalDate date : dates) {
            Optional<Commit> commit = land(table, source, ledger, date, refetch);
            runs.addAll(TableRun.ofDates(table.name(), List.of(date), ledger.read(), commit));
        }
        return runs;
    }

    /** Batches of an outbox would stand beside dates, in partitions of another shape. */
    private static void requireDated(Table table, LedgerState state) {
        if (state.partitions().stream()
                .anyMatch(current -> current.partition().batch().isPresent())) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "Cannot land " + table.name()
                            + " by date: it has batches of an outbox that was drained to it. Declare"
                            + " a table of another name, or write `drain: true` again.");
        }
    }

    private Optional<Commit> land(Table table, Source.Jdbc source, Ledger ledger, LocalDate date, boolean refetch)
            throws IOException, InterruptedException {
        LedgerState basis = ledger.read();
        requireDated(table, basis);
        lake.steps().reached(Step.PLANNED);
        if (!refetch && basis.builtOf(date).isPresent()) {
            publisher.publish(table, ledger);
            return Optional.empty();
        }
        Commit draft = read(table, source, date);
        CommitLoop loop = new CommitLoop(table, ledger, publisher, lake.steps());
        return loop.run("commit to " + table.name(), "landed the same date", basis, state -> {
            ledger.requireFiles(draft, basis, state);
            if (!refetch && state.builtOf(date).isPresent()) {
                // Another run landed the date meanwhile: its rows are kept.
                return new CommitLoop.Unchanged<>(Optional::empty);
            }
            return new CommitLoop.Draft<>(draft, Optional::of);
        });
    }

    private Commit read(Table table, Source.Jdbc source, LocalDate date) throws IOException, InterruptedException {
        ZoneId timezone = lake.timezone(table);
        JdbcQuery query = new JdbcQuery(lake, table, source, timezone);
        String commitId = lake.newCommitId();
        String path = commitId + "/date=" + date;
        Path folder = new Path(new TableLayout(lake.target(), table).folder(), path);
        SparkSession session = spark.get().newSession();
        session.conf().set("spark.sql.session.timeZone", timezone.getId());
        Observation observation = new Observation("igarape " + table.name() + " " + date);
        Map<String, String> columns;
        try {
            Dataset<Row> rows = query.rows(session, date);
            TableColumns.requireReadable(rows.schema(), List.of(), source.table());
            columns = TableColumns.of(rows.schema());
            rows.observe(observation, functions.count(functions.lit(1)).as("read"))
                    .write()
                    .parquet(folder.toString());
        } catch (Exception e) {
            // Scala does not declare what it throws.
            throw query.failure(e, date);
        }
        long read = (Long) observation.getAsJava().get("read");
        PartitionVersion partition = ParquetFolder.measure(lake.files(), lake.hadoop(), folder, path, date);
        Balance balance = Balance.landed(read, partition.rows(), 0);
        return lake.draft(table, commitId, Operation.LAND)
                .columns(columns)
                .dates(List.of(new DateBuild(date, Map.of(), true, balance, List.of())))
                .partitions(List.of(partition))
                .balance(balance)
                .build();
    }
}
