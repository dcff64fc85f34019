package dev.igarape.jobs.landing.kafka.copy;

import dev.igarape.jobs.landing.kafka.offsets.OffsetRange;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;

/** Lands ranges as Spark tasks, one for each range. */
public final class SparkRunner implements RangeRunner {
    private final JavaSparkContext spark;

    public SparkRunner(JavaSparkContext spark) {
        this.spark = spark;
    }

    @Override
    public List<RangeResult> land(LandingJob job, List<OffsetRange> ranges) {
        if (ranges.isEmpty()) {
            return List.of();
        }
        ArrayList<OffsetRange> tasks = new ArrayList<>(ranges);
        byte[] hadoop = toBytes(spark.hadoopConfiguration());
        List<Integer> numbers = IntStream.range(0, tasks.size()).boxed().toList();
        try {
            // Results are passed as bytes, so that they do not depend on the session's serializer.
            List<byte[]> answers = spark.parallelize(numbers, tasks.size())
                    .map(number -> serialize(landRange(job, tasks.get(number), hadoop)))
                    .collect();
            return answers.stream().map(SparkRunner::deserialize).toList();
        } catch (RuntimeException e) {
            throw explain(e);
        } catch (Exception e) {
            // Scala does not declare the exceptions that it throws.
            if (e instanceof SparkException) {
                throw explain(e);
            }
            throw new IllegalStateException(e);
        }
    }

    private static RangeResult landRange(LandingJob job, OffsetRange range, byte[] hadoop) {
        String attempt = "task" + TaskContext.get().taskAttemptId();
        try (RangeLander lander = job.lander()) {
            return job.attempt(lander, range, attempt, toConfiguration(hadoop));
        }
    }

    private static RuntimeException explain(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof LakeException known) {
                return new LakeException(known.exitCode(), known.getMessage(), failure);
            }
        }
        return new LakeException(
                ExitCode.UNAVAILABLE,
                "Cannot land: Spark gave up (" + failure.getMessage() + "). Look into the executors' logs, then run"
                        + " again.",
                failure);
    }

    private static byte[] toBytes(Configuration hadoop) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            hadoop.write(new DataOutputStream(bytes));
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Configuration toConfiguration(byte[] bytes) {
        try {
            Configuration hadoop = new Configuration(false);
            hadoop.readFields(new DataInputStream(new ByteArrayInputStream(bytes)));
            return hadoop;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] serialize(RangeResult result) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(result);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static RangeResult deserialize(byte[] bytes) {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes))) {
            return (RangeResult) in.readObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }
}
