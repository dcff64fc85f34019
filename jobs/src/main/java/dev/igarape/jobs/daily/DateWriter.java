package dev.igarape.jobs.daily;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.DateBuild;
import dev.igarape.jobs.ledger.ParquetFolder;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.jobs.sql.InputQuery;
import dev.igarape.jobs.sql.TableColumns;
import dev.igarape.jobs.sql.Widening;
import dev.igarape.model.Definition;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.sql.SqlTemplate;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;

/** Writes one date of a daily table to a commit's folder. */
final class DateWriter {
    /** Up to this input size a date is written by one task, because starting more takes longer. */
    private static final long ONE_TASK_BYTES = 32L << 20;

    private final Lake lake;
    private final Table table;
    private final DailyInputs inputs;
    private final String commitId;

    DateWriter(Lake lake, Table table, DailyInputs inputs, String commitId) {
        this.lake = lake;
        this.table = table;
        this.inputs = inputs;
        this.commitId = commitId;
    }

    /** A written date. */
    record Written(
            DateBuild build,
            PartitionVersion partition,
            Optional<PartitionVersion> quarantine,
            Map<String, String> columns) {}

    /**
     * Runs the query for one date and writes the result.
     *
     * @param keepQuarantine whether the date needs a quarantine partition even if it is empty, to replace an older one
     */
    Written write(SparkSession parent, LocalDate date, boolean keepQuarantine)
            throws IOException, InterruptedException {
        SparkSession session = parent.newSession();
        try {
            return writeDate(session, date, keepQuarantine);
        } catch (IOException | InterruptedException e) {
            throw e;
        } catch (Exception | VirtualMachineError e) {
            // Scala does not declare its exceptions; deep SQL and large values end in VirtualMachineErrors.
            throw new QueryFailure(table, date, () -> inputs.rows(session, date)).explain(e);
        }
    }

    private Written writeDate(SparkSession session, LocalDate date, boolean keepQuarantine)
            throws IOException, InterruptedException {
        session.conf()
                .set(
                        "spark.sql.session.timeZone",
                        lake.manifest()
                                .owner(table.name())
                                .orElseThrow()
                                .timezone()
                                .getId());
        boolean tiny = inputs.bytesOf(date) <= ONE_TASK_BYTES;
        if (tiny) {
            session.conf().set("spark.sql.shuffle.partitions", "1");
        }
        Dataset<Row> rows = query(session, date);
        TableColumns.requireReadable(rows.schema(), "The query of " + table.name());
        RowShape shape = RowShape.of(rows.queryExecution().analyzed());
        CheckedRows checked = new CheckedRows(table, date, rows);
        String path = commitId + "/date=" + date;
        TableLayout layout = new TableLayout(lake.target(), table);
        Path folder = new Path(layout.folder(), path);
        save(checked.accepted(), tiny, folder);
        CheckedRows.Counts counts = checked.counts();
        PartitionVersion partition = measure(folder, path, date);
        Optional<PartitionVersion> quarantine = Optional.empty();
        if (counts.quarantined() > 0 || keepQuarantine) {
            Path quarantineFolder = new Path(layout.quarantineFolder(), path);
            save(new CheckedRows(table, date, rows).quarantined(), tiny, quarantineFolder);
            quarantine = Optional.of(measure(quarantineFolder, path, date));
        }
        long read = shape.rowWise() ? inputs.rowsOf(date) : counts.produced();
        long filtered = shape.filters() ? read - counts.produced() : 0;
        Balance balance = new Balance(read, partition.rows(), counts.quarantined(), counts.dropped(), filtered, 0, 0);
        DateBuild build = new DateBuild(date, inputs.commitsOf(date), shape.rowWise(), balance, counts.expectations());
        return new Written(build, partition, quarantine, TableColumns.of(rows.schema()));
    }

    private Dataset<Row> query(SparkSession session, LocalDate date) throws IOException {
        String sql = ((Definition.Daily) table.definition()).sql();
        Dataset<Row> rows = new InputQuery(inputs.rows(session, date)).dataset(session, SqlTemplate.render(sql, date));
        return declared(rows);
    }

    /** The query's columns in the declared order, cast to the declared types where that is lossless. */
    private Dataset<Row> declared(Dataset<Row> rows) {
        if (table.columns().isEmpty()) {
            return rows;
        }
        Map<String, DataType> produced = new LinkedHashMap<>();
        for (StructField field : rows.schema().fields()) {
            produced.put(field.name(), field.dataType());
        }
        List<String> faults = new ArrayList<>();
        List<Column> columns = new ArrayList<>();
        for (Map.Entry<String, String> column : table.columns().entrySet()) {
            DataType declaredType = DataType.fromDDL(column.getValue());
            DataType actualType = produced.remove(column.getKey());
            if (actualType == null) {
                faults.add("column " + column.getKey() + " is declared, but the query lacks it");
            } else if (!actualType.asNullable().equals(declaredType.asNullable())
                    && !Widening.isLossless(actualType, declaredType)) {
                faults.add("column " + column.getKey() + " is declared " + declaredType.catalogString()
                        + ", but the query gives " + actualType.catalogString() + " (cast it in the SQL)");
            } else {
                columns.add(functions
                        .col("`" + column.getKey() + "`")
                        .cast(declaredType)
                        .as(column.getKey()));
            }
        }
        produced.keySet().forEach(extra -> faults.add("the query gives column " + extra + ", which is not declared"));
        if (!faults.isEmpty()) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "The query of " + table.name() + " does not give its declared columns: " + String.join("; ", faults)
                            + ". Readers keep the old version.");
        }
        return rows.select(columns.toArray(new Column[0]));
    }

    private static void save(Dataset<Row> rows, boolean tiny, Path folder) {
        (tiny ? rows.coalesce(1) : rows).write().parquet(folder.toString());
    }

    private PartitionVersion measure(Path folder, String path, LocalDate date) throws IOException {
        return ParquetFolder.measure(lake.files(), lake.hadoop(), folder, path, date);
    }
}
