package dev.igarape.jobs.testing;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.model.Manifest;
import dev.igarape.model.Pipeline;
import dev.igarape.model.Table;
import dev.igarape.model.targets.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.metastore.HiveMetaStoreClient;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.spark.sql.SparkSession;
import org.apache.thrift.TException;

/**
 * A lake in a folder of the local disk, whose tables a metastore of this process knows, with a broker and a Spark session, which are
 * started when they are asked for. Classes get one of their own from {@link TestServers}.
 */
public final class LocalLake implements AutoCloseable {
    private static final LocalDate START = LocalDate.parse("2017-01-01");

    private final Path folder;
    private final TestingMetastore metastore;
    private final Configuration hadoop;
    private final Supplier<TestingKafka> kafka;
    private final Supplier<TestingSpark> servers;
    private Optional<SparkSession> session = Optional.empty();

    LocalLake(TestingMetastore metastore, Supplier<TestingKafka> kafka, Supplier<TestingSpark> servers) {
        try {
            this.folder = Files.createTempDirectory("igarape-lake");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.metastore = metastore;
        this.hadoop = metastore.hadoop();
        this.kafka = kafka;
        this.servers = servers;
    }

    /** Where it is. */
    public Path folder() {
        return folder;
    }

    public TestingKafka kafka() {
        return kafka.get();
    }

    /** A session with settings and views of its own, always the same; it is not to be stopped. */
    public synchronized SparkSession spark() {
        if (session.isEmpty()) {
            session = Optional.of(servers.get().newSession());
        }
        return session.orElseThrow();
    }

    /** The lake for one run of a pipeline of these tables; each prefix is a lake of its own. */
    public Lake lake(String prefix, Map<String, String> variables, Step.Listener steps, Table... tables)
            throws IOException {
        return lake(prefix, Map.of(), Map.of(), variables, Clock.systemUTC(), steps, tables);
    }

    /** Likewise, with a time of its own and dates of a timezone. */
    public Lake lake(
            String prefix,
            Map<String, String> variables,
            Clock clock,
            Step.Listener steps,
            ZoneId zone,
            Table... tables)
            throws IOException {
        return lake(prefix, Map.of(), Map.of(), variables, clock, steps, zone, tables);
    }

    /** Likewise, with the broker and a time of its own. */
    public Lake lake(String prefix, Clock clock, Step.Listener steps, Table... tables) throws IOException {
        return lake(prefix, clock, steps, ZoneOffset.UTC, tables);
    }

    /** Likewise, with dates of a timezone. */
    public Lake lake(String prefix, Clock clock, Step.Listener steps, ZoneId zone, Table... tables) throws IOException {
        return lake(prefix, kafka().properties(), Map.of(), Map.of(), clock, steps, zone, tables);
    }

    /** Likewise, with another broker, and a registry. */
    public Lake lake(
            String prefix,
            Map<String, String> kafka,
            Map<String, String> registry,
            Map<String, String> variables,
            Clock clock,
            Step.Listener steps,
            Table... tables)
            throws IOException {
        return lake(prefix, kafka, registry, variables, clock, steps, ZoneOffset.UTC, tables);
    }

    private Lake lake(
            String prefix,
            Map<String, String> kafka,
            Map<String, String> registry,
            Map<String, String> variables,
            Clock clock,
            Step.Listener steps,
            ZoneId zone,
            Table... tables)
            throws IOException {
        Pipeline pipeline = new Pipeline("example", "", "tests", "@daily", START, zone, List.of(), List.of(tables));
        Target target = new Target(
                "test",
                prefix,
                "file://" + folder.toAbsolutePath(),
                "/lake",
                "",
                kafka,
                registry,
                "jdbc:trino://127.0.0.1:1/lake",
                "lake",
                variables);
        return Lake.open(
                new Manifest(Manifest.VERSION, List.of(pipeline)),
                target,
                hadoop,
                clock,
                UUID.randomUUID().toString(),
                steps);
    }

    /** What readers of the metastore see. */
    public List<Partition> partitions(String database, String table) throws TException {
        return metastore().listPartitions(database, table, (short) -1);
    }

    /** The settings of its lakes, all of them; what is set here is set for those that are open. */
    public Configuration hadoop() {
        return hadoop;
    }

    public HiveMetaStoreClient metastore() {
        return metastore.client();
    }

    @Override
    public void close() throws IOException {
        FileUtils.deleteDirectory(folder.toFile());
    }
}
