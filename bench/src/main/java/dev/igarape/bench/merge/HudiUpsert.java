package dev.igarape.bench.merge;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * Apache Hudi's upsert into a merge-on-read table, which leaves the merging to those who read, and to a compaction that is not
 * measured; the events of a round have no key twice.
 *
 * @see <a href="https://hudi.apache.org/docs/indexes">Hudi: indexes</a>
 */
final class HudiUpsert extends MergeCandidate {
    /** Settings of Spark that Hudi's guide asks for. */
    static final Map<String, String> SPARK_SETTINGS = Map.of(
            "spark.serializer", "org.apache.spark.serializer.KryoSerializer",
            "spark.kryo.registrator", "org.apache.spark.HoodieSparkKryoRegistrar");

    /** As many files as two cores take in a few turns. */
    private static final String BUCKETS = "8";

    private final SparkSession spark;
    private final List<String> events;
    private final String folder;
    private final String index;

    /**
     * @param events folders of the events by round
     * @param index how it finds the file of a key: SIMPLE, which is the default, or BUCKET, which reads nothing
     */
    HudiUpsert(SparkSession spark, List<String> events, String folder, String index) {
        super("Hudi, index " + index);
        this.spark = spark;
        this.events = events;
        this.folder = folder;
        this.index = index;
    }

    @Override
    void take(int round) {
        spark.read()
                .parquet(events.get(round))
                .selectExpr("*", "status = 'delete' AS _hoodie_is_deleted")
                .write()
                .format("hudi")
                .options(options(round))
                .mode(round == 0 ? SaveMode.Overwrite : SaveMode.Append)
                .save(folder);
    }

    private Map<String, String> options(int round) {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("hoodie.table.name", "items");
        options.put("hoodie.datasource.write.table.type", "MERGE_ON_READ");
        options.put("hoodie.datasource.write.operation", round == 0 ? "bulk_insert" : "upsert");
        options.put("hoodie.datasource.write.recordkey.field", Items.KEY);
        options.put("hoodie.datasource.write.partitionpath.field", "");
        options.put("hoodie.datasource.write.keygenerator.class", "org.apache.hudi.keygen.NonpartitionedKeyGenerator");
        options.put("hoodie.table.ordering.fields", "updated");
        options.put("hoodie.table.cdc.enabled", "true");
        options.put("hoodie.index.type", index);
        options.put("hoodie.bucket.index.num.buckets", BUCKETS);
        // One task for each core: more only cost their start here.
        options.put("hoodie.upsert.shuffle.parallelism", "2");
        options.put("hoodie.simple.index.parallelism", "2");
        options.put("hoodie.combine.before.upsert", "false");
        return options;
    }

    @Override
    Dataset<Row> rows() {
        return spark.read().format("hudi").load(folder);
    }
}
