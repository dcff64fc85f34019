package dev.igarape.bench.landing;

import dev.igarape.bench.harness.Candidate;
import dev.igarape.bench.harness.Comparison;
import dev.igarape.bench.harness.ScratchTarget;
import dev.igarape.jobs.avro.AvroCodec;
import dev.igarape.jobs.landing.kafka.output.LandingOptions;
import dev.igarape.jobs.landing.kafka.output.ValueFormat;
import dev.igarape.model.targets.LandingLimits;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/**
 * The comparisons of {@code land}: a topic into Avro files on HDFS, by the jobs' landing, by Spark's {@code from_avro}
 * and raw.
 */
public final class LandComparisons {
    private final SparkSession spark;
    private final ScratchTarget scratch;
    private final ClickTopic topic;

    public LandComparisons(SparkSession spark, ScratchTarget scratch, int messages) {
        this.spark = spark;
        this.scratch = scratch;
        this.topic = ClickTopic.open(scratch.target(), messages);
    }

    public String work() {
        return "%,d messages of about %d bytes in %d partitions under two schemas, from Kafka to HDFS"
                .formatted(topic.messages(), topic.meanBytes(), ClickTopic.PARTITIONS);
    }

    public List<Comparison> comparisons() {
        Map<String, AvroCodec> codecs = new LinkedHashMap<>();
        codecs.put("none", AvroCodec.none());
        codecs.put("zstd", AvroCodec.zstandard(3));
        List<Comparison> comparisons = new ArrayList<>();
        codecs.forEach((name, codec) -> {
            LandingOptions options =
                    new LandingOptions(ValueFormat.AVRO, "at", false, ZoneOffset.UTC, codec, LandingLimits.DEFAULT);
            Candidate ours = new CopyLanding(spark, scratch, topic, options, name);
            comparisons.add(new Comparison(
                    name, ours, new FromAvroLanding(spark, scratch, topic, name), name.equals("none") ? 5 : 3));
            comparisons.add(new Comparison(name, ours, new RawLanding(spark, scratch, topic, options, name), 0.9));
        });
        return comparisons;
    }
}
