package dev.igarape.jobs.input;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.sql.TableColumns;
import dev.igarape.model.Table;
import dev.igarape.model.Trait;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Predicate;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Rows of a table of Parquet files. All files of a date have the same columns. */
record ParquetRows(Lake lake, Table table, LedgerState state, WholeFiles files) implements InputRows {
    @Override
    public Dataset<Row> of(SparkSession session, LocalDate date, Predicate<CurrentPartition> wanted)
            throws IOException {
        StructType columns = StructType.fromDDL(TableColumns.ddl(state.columns()));
        String[] folders = files.folders(date, wanted);
        Dataset<Row> rows = folders.length == 0
                ? session.createDataFrame(List.of(), columns)
                : open(date, folders[0], columns).rows(session, columns, folders);
        return DateColumn.add(rows, date);
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
