package dev.igarape.bench;

import dev.igarape.jobs.landing.LandingJob;
import dev.igarape.jobs.landing.LandingOptions;
import dev.igarape.jobs.landing.LandingResult;
import dev.igarape.jobs.landing.RegistryWriterSchemas;
import dev.igarape.jobs.landing.SparkRunner;
import dev.igarape.jobs.landing.datum.EnvelopeSchema;
import java.io.IOException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** Ours: copies the messages behind their envelopes, and checks each one whole. */
record CopyLanding(SparkSession spark, Scratch scratch, ClickTopic topic, LandingOptions options, String codec)
        implements Contender {
    @Override
    public String name() {
        return "copying, " + codec;
    }

    private String folder() {
        return scratch.folder("copy-" + codec);
    }

    @Override
    public void work(int round) {
        LandingJob job = new LandingJob(
                scratch.target().kafka(),
                options,
                RegistryWriterSchemas.factory(scratch.target().registry()),
                folder());
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        LandingResult landed = new LandingResult(new SparkRunner(context).run(job, topic.ranges()));
        if (landed.written() != topic.messages()) {
            throw new IllegalStateException("landed " + landed.written() + " of " + topic.messages());
        }
    }

    @Override
    public Answer answer(int round) throws IOException {
        Answer answer = LandedRows.of(spark.read()
                .format("avro")
                .option("avroSchema", EnvelopeSchema.around(ClickTopic.NEWER).toString())
                .option("recursiveFileLookup", true)
                // Where attempts lie before a commit takes them up; hidden from whoever looks from above.
                .load(folder() + "/_attempts/*"));
        scratch.delete(folder());
        return answer;
    }
}
