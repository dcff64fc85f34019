package dev.igarape.jobs.input;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.sql.TableColumns;
import dev.igarape.model.Storage;
import dev.igarape.model.Table;
import dev.igarape.model.Trait;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Rows of a table of Parquet files. All files of a date, or of each of its batches, have the same columns. */
record ParquetRows(Lake lake, Table table, LedgerState state, WholeFiles files) implements InputRows {
    @Override
    public Dataset<Row> of(SparkSession session, LocalDate date, Predicate<CurrentPartition> wanted)
            throws IOException {
        StructType columns = StructType.fromDDL(TableColumns.ddl(state.columns()));
        Dataset<Row> rows = session.createDataFrame(List.of(), columns);
        boolean first = true;
        for (Map.Entry<ParquetDate, List<String>> alike :
                alike(date, files.folders(date, wanted), columns).entrySet()) {
            Dataset<Row> some =
                    alike.getKey().rows(session, columns, alike.getValue().toArray(String[]::new));
            rows = first ? some : rows.unionByName(some);
            first = false;
        }
        return DateColumn.add(rows, date);
    }

    /** The folders of a date by what they were written with. */
    private Map<ParquetDate, List<String>> alike(LocalDate date, String[] folders, StructType columns)
            throws IOException {
        Map<ParquetDate, List<String>> alike = new LinkedHashMap<>();
        boolean batches = table.definition()
                .storage()
                .filter(storage -> storage.isPartitionedBy(Storage.BATCH))
                .isPresent();
        if (folders.length > 0 && !batches) {
            alike.put(open(date, folders[0], columns), List.of(folders));
        } else {
            for (String folder : folders) {
                alike.computeIfAbsent(open(date, folder, columns), written -> new ArrayList<>())
                        .add(folder);
            }
        }
        return alike;
    }

    private ParquetDate open(LocalDate date, String folder, StructType columns) throws IOException {
        ParquetDate written = ParquetDate.open(lake, new Path(folder), columns);
        List<String> unreadable = written.unreadable(columns);
        if (!unreadable.isEmpty()) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "Cannot build " + files.reader() + ": " + table.name() + " of " + date
                            + " was written when its columns had"
                            + " other types, which those that they have now can't hold: "
                            + String.join(", ", unreadable)
                            + ". Write that date anew first: ./lake run " + table.name() + " --date " + date
                            + (table.has(Trait.REFETCHABLE) ? " --refetch" : "") + ".");
        }
        return written;
    }
}
