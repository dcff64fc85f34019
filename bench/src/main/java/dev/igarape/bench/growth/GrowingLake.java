package dev.igarape.bench.growth;

import dev.igarape.bench.engine.ClickTables;
import dev.igarape.bench.harness.ScratchTarget;
import dev.igarape.bench.stream.Click;
import dev.igarape.bench.stream.ClickTopic;
import dev.igarape.jobs.kind.builtin.BuiltInKinds;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.live.LiveService;
import dev.igarape.model.Json;
import dev.igarape.model.Manifest;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import org.apache.hadoop.fs.GlobalStorageStatistics;
import org.apache.spark.sql.SparkSession;

/** The tables of {@link ClickTables} on a scratch target, and the live service over them in this process. */
final class GrowingLake implements AutoCloseable {
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final ScratchTarget scratch;
    private final ClickTopic topic;
    private final LiveService service;
    private final ClickProducer producer;
    private final ClickSums sent = new ClickSums();
    private long rows;

    private GrowingLake(ScratchTarget scratch, ClickTopic topic, LiveService service) {
        this.scratch = scratch;
        this.topic = topic;
        this.service = service;
        this.producer = new ClickProducer(topic);
    }

    /**
     * Opens one without clicks.
     *
     * @param project the manifest that is shipped
     * @param olderDates how many dates the tables have already: entries in their ledgers and partitions, without files
     */
    static GrowingLake open(SparkSession spark, ScratchTarget scratch, Path project, Path folder, int olderDates)
            throws IOException {
        scratch.clear();
        ClickTopic topic = ClickTopic.create(scratch.target(), "growth");
        Manifest manifest = Json.mapper()
                .readValue(
                        ClickTables.CONTINUOUS
                                .manifest(project, topic.name(), folder)
                                .toFile(),
                        Manifest.class);
        Lake lake = scratch.lake(manifest, Clock.systemUTC());
        if (olderDates > 0) {
            OlderDates.write(lake, olderDates);
        }
        return new GrowingLake(
                scratch,
                topic,
                new LiveService(
                        lake,
                        BuiltInKinds.ALL,
                        lake.inBuildOrder(ClickTables.TABLES),
                        () -> spark,
                        EVERY,
                        new SimpleMeterRegistry()));
    }

    /** Sends clicks and lets the service work until it has nothing to do; measures the latter. */
    GrowthStep step(List<Click> clicks) throws Exception {
        producer.send(clicks);
        clicks.forEach(sent::add);
        rows += clicks.size();
        long bytesBefore = bytesRead();
        long begin = System.nanoTime();
        while (service.turn()) {
            requireNoFailure();
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        requireNoFailure();
        return new GrowthStep(rows, seconds, bytesRead() - bytesBefore);
    }

    private void requireNoFailure() {
        service.status()
                .tables()
                .forEach(table -> table.error().ifPresent(failure -> {
                    throw new LakeException(ExitCode.BUG, table.table() + " failed: " + failure);
                }));
    }

    /** By how many clicks the windows from a date on differ from what was sent. */
    long difference(LocalDate from) throws SQLException {
        return sent.difference(ClickSums.read(scratch, ClickTables.windowsName(scratch), from));
    }

    private static long bytesRead() {
        return GlobalStorageStatistics.INSTANCE.get("hdfs").getLong("bytesRead");
    }

    @Override
    public void close() throws Exception {
        try (ClickTopic deleted = topic;
                ClickProducer closed = producer) {
            service.close();
        } finally {
            scratch.clear();
        }
    }
}
