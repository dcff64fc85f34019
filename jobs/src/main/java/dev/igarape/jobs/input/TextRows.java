package dev.igarape.jobs.input;

import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import java.io.IOException;
import java.time.LocalDate;
import java.util.List;
import java.util.function.Predicate;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/** Rows of a table of text files: a file is a row. */
record TextRows(WholeFiles files) implements InputRows {
    @Override
    public Dataset<Row> of(SparkSession session, LocalDate date, Predicate<CurrentPartition> wanted)
            throws IOException {
        String[] folders = files.folders(date, wanted);
        Dataset<Row> rows = folders.length == 0
                ? session.createDataFrame(List.of(), StructType.fromDDL("body string"))
                : session.read()
                        .option("wholetext", true)
                        .option("recursiveFileLookup", true)
                        .text(folders)
                        .withColumnRenamed("value", "body");
        return DateColumn.add(rows, date);
    }
}
