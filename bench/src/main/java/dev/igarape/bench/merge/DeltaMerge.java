package dev.igarape.bench.merge;

import io.delta.tables.DeltaTable;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Delta Lake's {@code MERGE} as its documentation has it, with a change feed; the events of a round have no key twice. */
final class DeltaMerge extends MergeCandidate {
    private final SparkSession spark;
    private final List<String> events;
    private final String folder;
    private final boolean deletionVectors;

    /** @param events folders of the events by round */
    DeltaMerge(SparkSession spark, List<String> events, String folder, boolean deletionVectors) {
        super(deletionVectors ? "MERGE, deletion vectors" : "MERGE");
        this.spark = spark;
        this.events = events;
        this.folder = folder;
        this.deletionVectors = deletionVectors;
    }

    @Override
    void take(int round) {
        Dataset<Row> changes = spark.read().parquet(events.get(round));
        if (round == 0) {
            changes.write()
                    .format("delta")
                    .option("delta.enableChangeDataFeed", true)
                    .option("delta.enableDeletionVectors", deletionVectors)
                    .save(folder);
            return;
        }
        DeltaTable.forPath(spark, folder)
                .as("t")
                .merge(changes.as("s"), "t.id = s.id")
                .whenMatched("s.updated > t.updated AND s.status = 'delete'")
                .delete()
                .whenMatched("s.updated > t.updated")
                .updateAll()
                .whenNotMatched("s.status <> 'delete'")
                .insertAll()
                .execute();
    }

    @Override
    Dataset<Row> rows() {
        return delta(spark, folder);
    }
}
