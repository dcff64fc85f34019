package dev.igarape.jobs.landing.kafka.copy;

import dev.igarape.jobs.landing.kafka.offsets.OffsetRange;
import dev.igarape.jobs.landing.kafka.output.FileNames;
import dev.igarape.jobs.landing.kafka.output.FileSystems;
import dev.igarape.jobs.landing.kafka.output.LandingOptions;
import dev.igarape.jobs.landing.kafka.schema.WriterSchemas;
import java.io.IOException;
import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Settings that all tasks of a landing share; serialized to the executors.
 *
 * @param kafka client properties, at least {@code bootstrap.servers}
 * @param output URI of the folder in which each task attempt creates its own folder
 */
public record LandingJob(
        Map<String, String> kafka, LandingOptions options, WriterSchemas.Factory schemas, String output)
        implements Serializable {
    public LandingJob {
        kafka = new LinkedHashMap<>(kafka);
    }

    /** Creates a lander for one thread. */
    RangeLander lander() {
        return new RangeLander(kafka, options, schemas.create());
    }

    /** Likewise, with a consumer of these. */
    RangeLander lander(Consumers consumers) {
        return new RangeLander(kafka, options, schemas.create(), consumers);
    }

    /** The folder of one task attempt, used by nobody else. */
    Path folder(OffsetRange range, String attempt) {
        return new Path(
                output,
                "_attempts/" + FileNames.safe(range.topic()) + "-" + range.partition() + "-" + range.from() + "-"
                        + attempt);
    }

    /** Lands a range in the attempt's own folder, and deletes the folder if the attempt fails. */
    RangeResult attempt(RangeLander lander, OffsetRange range, String attempt, Configuration hadoop) {
        Path folder = folder(range, attempt);
        boolean done = false;
        try {
            RangeResult result = lander.land(range, FileSystems.of(folder, hadoop), folder);
            done = true;
            return result;
        } finally {
            if (!done) {
                remove(folder, hadoop);
            }
        }
    }

    private static void remove(Path folder, Configuration hadoop) {
        // HDFS's client deletes nothing in a thread that is interrupted.
        boolean interrupted = Thread.interrupted();
        try {
            folder.getFileSystem(hadoop).delete(folder, true);
        } catch (IOException | RuntimeException e) {
            // Maintenance deletes the leftovers of failed attempts; the failure itself says more than this one.
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
