package dev.igarape.jobs.keyed;

import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a step changes.
 *
 * @param rows the table's columns and {@link Fold#CHANGE}, each row of the table once; files, so the same whenever they are
 *     read
 * @param ofRows how many rows of the table change
 * @param events how many events of each date change what the table knows
 * @param remembered what later steps have to know besides the rows; empty: nothing
 * @param since the first local date for which what holds has changed, where rows hold for a time
 */
record Changes(
        Dataset<Row> rows,
        long ofRows,
        Map<LocalDate, Long> events,
        Optional<Dataset<Row>> remembered,
        Optional<LocalDate> since) {}
