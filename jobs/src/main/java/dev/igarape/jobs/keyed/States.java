package dev.igarape.jobs.keyed;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** What is known of each key, where that is more than its row. */
interface States extends Summary {
    /** The rows that states make. */
    Dataset<Row> rows(Dataset<Row> states);
}
