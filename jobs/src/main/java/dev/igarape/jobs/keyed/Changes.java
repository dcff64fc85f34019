package dev.igarape.jobs.keyed;

import java.time.LocalDate;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a step changes.
 *
 * @param rows the table's columns, {@link Fold#CHANGE} and, where the table is there, {@link Fold#BEFORE}, each row of the table
 *     once; kept, so the same whenever they are read
 * @param ofRows how many rows of the table change
 * @param events how many events of each date change what the table knows
 * @param remembered what later steps have to know besides the rows; empty: nothing
 * @param since the first local date for which what holds has changed, where rows hold for a time
 * @param late events that come too late to tell whether they count
 * @param ambiguous what only content has decided
 */
record Changes(
        Dataset<Row> rows,
        long ofRows,
        Map<LocalDate, Long> events,
        Optional<Dataset<Row>> remembered,
        Optional<LocalDate> since,
        Late late,
        Ambiguous ambiguous) {
    /** Of events none of which comes too late. */
    Changes(
            Dataset<Row> rows,
            long ofRows,
            Map<LocalDate, Long> events,
            Optional<Dataset<Row>> remembered,
            Optional<LocalDate> since,
            Ambiguous ambiguous) {
        this(rows, ofRows, events, remembered, since, new Late(rows.limit(0), Map.of()), ambiguous);
    }

    /**
     * Events that come too late.
     *
     * @param rows with the table's columns and {@link Events#DATE}; kept
     * @param byDate how many there are of each date that has some
     */
    record Late(Dataset<Row> rows, Map<LocalDate, Long> byDate) {}
}
