package dev.igarape.jobs.input;

import java.time.LocalDate;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;

/** The partition column {@code date}, which is not in the files. */
final class DateColumn {
    private DateColumn() {}

    static Dataset<Row> add(Dataset<Row> rows, LocalDate date) {
        return rows.withColumn("date", functions.lit(java.sql.Date.valueOf(date)));
    }
}
