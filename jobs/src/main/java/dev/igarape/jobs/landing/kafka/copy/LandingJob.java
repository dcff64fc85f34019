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
 * What all tasks of a landing have in common. Travels to the machines that land.
 *
 * @param kafka client properties, at least {@code bootstrap.servers}
 * @param output folder, with its file system, below which each attempt at a range makes a folder of its own
 */
public record LandingJob(
        Map<String, String> kafka, LandingOptions options, WriterSchemas.Factory schemas, String output)
        implements Serializable {
    public LandingJob {
        kafka = new LinkedHashMap<>(kafka);
    }

    /** A lander for one thread. */
    RangeLander lander() {
        return new RangeLander(kafka, options, schemas.create());
    }

    /** Where an attempt at a range writes; nobody else does. */
    Path folder(OffsetRange range, String attempt) {
        return new Path(
                output,
                "_attempts/" + FileNames.safe(range.topic()) + "-" + range.partition() + "-" + range.from() + "-"
                        + attempt);
    }

    /** Lands a range in a folder of this attempt's own, which goes again if the attempt fails. */
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
        try {
            folder.getFileSystem(hadoop).delete(folder, true);
        } catch (IOException | RuntimeException e) {
            // Upkeep removes what dead attempts leave; the failure itself says more than this one.
        }
    }
}
