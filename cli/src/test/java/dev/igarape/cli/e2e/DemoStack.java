package dev.igarape.cli.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.cli.query.OutputFormat;
import dev.igarape.cli.query.TrinoClient;
import dev.igarape.model.Json;
import dev.igarape.model.targets.Target;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * The stack that the demo leaves: made once for all classes that use it, and stopped at the end of all tests; the last of
 * the classes leaves its servers to the short form of faults, which stops them before. The demo is killed on its way and run
 * again, so that all that is asserted of it is asserted of one that had to recover.
 */
public final class DemoStack implements BeforeAllCallback {
    public static final Path HOME =
            Path.of(System.getProperty("igarape.home", "..")).toAbsolutePath().normalize();
    public static final Path STATE = HOME.resolve("cli/target/e2e");
    /** Gets Airflow's alerts. */
    static final Webhook WEBHOOK = Webhook.start();
    /** OpenLineage's events, one a line. */
    static final Path LINEAGE = STATE.resolve("lineage.jsonl");

    public static final LakeCommand LAKE = new LakeCommand(HOME, STATE)
            .with(Map.of(
                    "IGARAPE_ALERT_WEBHOOK",
                    WEBHOOK.address(),
                    "AIRFLOW__OPENLINEAGE__TRANSPORT",
                    "{\"type\": \"file\", \"log_file_path\": \"%s\", \"append\": true}".formatted(LINEAGE)));

    /** The servers run, a DAG run has begun, and events are on their way to Kafka. */
    private static final String HALF_WAY = "Sending ";

    private static String printed;

    private static volatile boolean left;

    @Override
    public void beforeAll(ExtensionContext context) {
        context.getRoot()
                .getStore(ExtensionContext.Namespace.create(DemoStack.class))
                .computeIfAbsent(Running.class, key -> Running.start(), Running.class);
    }

    /** Says that the tests on it are over: whoever comes next may take its servers, and stop them. */
    public static void leave() {
        left = true;
    }

    /** Whether it was left with its servers running. */
    public static boolean isLeft() {
        return left;
    }

    /** What the demo printed. */
    static String printed() {
        return printed;
    }

    public static Target target() throws IOException {
        return Json.mapper().readValue(Files.readString(STATE.resolve("target.json")), Target.class);
    }

    /** Trino's answer as {@code ./lake query --output json} gives it, without the start of a program. */
    public static List<JsonNode> query(String sql) throws IOException {
        StringWriter json = new StringWriter();
        OutputFormat.JSON.write(new TrinoClient(target()).query(sql), new PrintWriter(json, true));
        List<JsonNode> rows = new ArrayList<>();
        Json.mapper().readTree(json.toString()).forEach(rows::add);
        return rows;
    }

    /** The values of a topic, as Confluent's own client reads them. */
    static List<JsonNode> readByConfluentsClient(String topic) throws Exception {
        String script =
                Path.of(DemoStack.class.getResource("read_topic.py").toURI()).toString();
        String out = LAKE.execute(
                        List.of(
                                Tools.python().toString(),
                                script,
                                target().kafka().get("bootstrap.servers"),
                                target().registry().get("schema.registry.url"),
                                topic),
                        Map.of())
                .succeeded()
                .out();
        List<JsonNode> records = new ArrayList<>();
        for (String line : out.lines().toList()) {
            records.add(Json.mapper().readTree(line));
        }
        return records;
    }

    /** How many records a topic of one partition has had. */
    static long records(String topic) throws Exception {
        TopicPartition partition = new TopicPartition(topic, 0);
        try (Admin admin = Admin.create(Map.copyOf(target().kafka()))) {
            return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                    .partitionResult(partition)
                    .get()
                    .offset();
        }
    }

    /** Closed by JUnit at the end of all tests. */
    private record Running() implements AutoCloseable {
        private static Running start() {
            Running running = new Running();
            try {
                LAKE.startAnew();
                synchronized (LakeCommand.START) {
                    killHalfWay();
                }
                printed = LAKE.run("demo", "--no-live").succeeded().out();
                return running;
            } catch (IOException e) {
                running.close();
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            } catch (AssertionError e) {
                running.close();
                throw e;
            }
        }

        /** The command dies; the servers that it has started, and the DAG run, go on. */
        private static void killHalfWay() throws IOException, InterruptedException {
            Path output = Files.createTempFile("demo", ".log");
            Process demo = LAKE.start(Map.of(), output, List.of("demo", "--no-live"));
            try {
                Awaitility.await()
                        .atMost(Duration.ofMinutes(15))
                        .until(() -> !demo.isAlive() || Files.readString(output).contains(HALF_WAY));
                if (!demo.isAlive()) {
                    throw new AssertionError("the demo ended before it could be killed\n" + Files.readString(output));
                }
            } finally {
                demo.destroyForcibly();
                demo.waitFor();
                Files.delete(output);
            }
        }

        @Override
        public void close() {
            try {
                LAKE.run("down").succeeded();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }
}
