package dev.igarape.bench.landing;

import dev.igarape.bench.harness.Candidate;
import dev.igarape.bench.harness.Checksum;
import dev.igarape.bench.harness.ScratchTarget;
import java.io.IOException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/**
 * The baseline that most lakes use, tuned: Spark's Kafka source, {@code from_avro} by schema id, Avro files partitioned
 * by date.
 */
record FromAvroLanding(SparkSession spark, ScratchTarget scratch, ClickTopic topic, String codec) implements Candidate {
    @Override
    public String name() {
        return "from_avro, " + codec;
    }

    private String folder() {
        return scratch.folder("from-avro-" + codec);
    }

    @Override
    public void run(int round) {
        Dataset<Row> messages = spark.read()
                .format("kafka")
                .option("kafka.bootstrap.servers", scratch.target().kafka().get("bootstrap.servers"))
                .option("subscribe", topic.name())
                .option("startingOffsets", "earliest")
                .option("endingOffsets", "latest")
                // Without these the source waits for small fetches.
                .option("kafka.fetch.min.bytes", Integer.toString(1 << 20))
                .option("kafka.fetch.max.bytes", Integer.toString(64 << 20))
                .option("kafka.max.partition.fetch.bytes", Integer.toString(8 << 20))
                .option("kafka.receive.buffer.bytes", Integer.toString(1 << 20))
                .option("kafka.max.poll.records", "20000")
                .load()
                .select("key", "topic", "partition", "offset", "timestamp", "value");
        LandedRows.decode(messages, topic)
                .withColumn("date", functions.expr("CAST(value.at AS date)"))
                .write()
                .partitionBy("date")
                .option("compression", codec.equals("none") ? "uncompressed" : "zstandard")
                .format("avro")
                .save(folder());
    }

    @Override
    public Checksum checksum(int round) throws IOException {
        Checksum checksum = LandedRows.checksum(spark.read().format("avro").load(folder()));
        scratch.delete(folder());
        return checksum;
    }
}
