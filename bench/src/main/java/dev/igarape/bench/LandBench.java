package dev.igarape.bench;

import dev.igarape.jobs.landing.AvroCodec;
import dev.igarape.jobs.landing.LandingOptions;
import dev.igarape.jobs.landing.ValueFormat;
import dev.igarape.model.LandingBounds;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** A topic into Avro files on HDFS: by copying, by Spark's {@code from_avro}, and as raw bytes. */
final class LandBench {
    private final SparkSession spark;
    private final Scratch scratch;
    private final ClickTopic topic;

    LandBench(SparkSession spark, Scratch scratch, int messages) {
        this.spark = spark;
        this.scratch = scratch;
        this.topic = ClickTopic.filled(scratch.target(), messages);
    }

    String work() {
        return "%,d messages of about %d bytes in %d partitions under two schemas, from Kafka to HDFS"
                .formatted(topic.messages(), topic.meanBytes(), ClickTopic.PARTITIONS);
    }

    List<Duel> duels() {
        Map<String, AvroCodec> codecs = new LinkedHashMap<>();
        codecs.put("none", AvroCodec.none());
        codecs.put("zstd", AvroCodec.zstandard(3));
        List<Duel> duels = new ArrayList<>();
        codecs.forEach((name, codec) -> {
            LandingOptions options =
                    new LandingOptions(ValueFormat.AVRO, "at", false, ZoneOffset.UTC, codec, LandingBounds.USUAL);
            Contender ours = new CopyLanding(spark, scratch, topic, options, name);
            duels.add(new Duel(
                    name, ours, new FromAvroLanding(spark, scratch, topic, name), name.equals("none") ? 5 : 3));
            duels.add(new Duel(name, ours, new RawCopy(spark, scratch, topic, options, name), 0.9));
        });
        return duels;
    }
}
