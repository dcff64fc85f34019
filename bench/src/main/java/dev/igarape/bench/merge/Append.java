package dev.igarape.bench.merge;

import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.functions;

/** The lower bound: events are appended to a Delta table, and whoever reads has to find the last of each key. */
final class Append extends MergeCandidate {
    private final SparkSession spark;
    private final List<String> events;
    private final String folder;

    /** @param events folders of the events by round */
    Append(SparkSession spark, List<String> events, String folder) {
        super("append");
        this.spark = spark;
        this.events = events;
        this.folder = folder;
    }

    @Override
    void take(int round) {
        spark.read()
                .parquet(events.get(round))
                .write()
                .format("delta")
                .mode("append")
                .save(folder);
    }

    @Override
    Dataset<Row> rows() {
        return delta(spark, folder)
                .withColumn(
                        "last",
                        functions
                                .row_number()
                                .over(Window.partitionBy(Items.KEY)
                                        .orderBy(functions.col("updated").desc())))
                .filter("last = 1 AND status <> 'delete'");
    }
}
