package dev.igarape.bench.landing;

import dev.igarape.bench.harness.Candidate;
import dev.igarape.bench.harness.Checksum;
import dev.igarape.bench.harness.ScratchTarget;
import dev.igarape.jobs.landing.kafka.copy.LandingJob;
import dev.igarape.jobs.landing.kafka.copy.LandingResult;
import dev.igarape.jobs.landing.kafka.copy.SparkRunner;
import dev.igarape.jobs.landing.kafka.datum.EnvelopeSchema;
import dev.igarape.jobs.landing.kafka.output.LandingOptions;
import dev.igarape.jobs.landing.kafka.schema.RegistryWriterSchemas;
import java.io.IOException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;

/** The jobs' landing: copies each message after its envelope, and checks that it is whole. */
record CopyLanding(SparkSession spark, ScratchTarget scratch, ClickTopic topic, LandingOptions options, String codec)
        implements Candidate {
    @Override
    public String name() {
        return "copying, " + codec;
    }

    private String folder() {
        return scratch.folder("copy-" + codec);
    }

    @Override
    public void run(int round) {
        LandingJob job = new LandingJob(
                scratch.target().kafka(),
                options,
                RegistryWriterSchemas.factory(scratch.target().registry()),
                folder());
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        LandingResult landed = new LandingResult(new SparkRunner(context).land(job, topic.ranges()));
        if (landed.written() != topic.messages()) {
            throw new IllegalStateException("landed " + landed.written() + " of " + topic.messages());
        }
    }

    @Override
    public Checksum checksum(int round) throws IOException {
        Checksum checksum = LandedRows.checksum(spark.read()
                .format("avro")
                .option("avroSchema", EnvelopeSchema.around(ClickTopic.NEWER).toString())
                .option("recursiveFileLookup", true)
                // Attempts lie here until a commit takes them up; a leading underscore hides them from a recursive
                // read.
                .load(folder() + "/_attempts/*"));
        scratch.delete(folder());
        return checksum;
    }
}
