package dev.igarape.jobs.input;

import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import java.io.IOException;
import java.time.LocalDate;
import java.util.function.Predicate;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The rows of a table for a build that reads them. */
@FunctionalInterface
public interface InputRows {
    /**
     * The rows of a date, with the table's columns, its partition columns and {@code date}.
     *
     * @throws dev.igarape.model.error.LakeException EXPECTATION if files are not what the table's ledger says, DEFINITION
     *     if they can't be read with the columns that the table has now, NO_INPUT if the columns are not known yet
     */
    default Dataset<Row> of(SparkSession session, LocalDate date) throws IOException {
        return of(session, date, partition -> true);
    }

    /** Likewise, of those partitions of the date that are wanted. */
    Dataset<Row> of(SparkSession session, LocalDate date, Predicate<CurrentPartition> wanted) throws IOException;
}
