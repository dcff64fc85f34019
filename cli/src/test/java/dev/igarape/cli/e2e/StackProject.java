package dev.igarape.cli.e2e;

import dev.igarape.model.Json;
import dev.igarape.model.targets.Target;
import dev.igarape.wire.serde.AvroSerializer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * A project of somebody's own beside the shipped one, on the same stack: in databases with a prefix, with sources that it
 * fills. Its target has the variables {@code SHOP_DB} and {@code SHOP_PASSWORD} of the stack's PostgreSQL.
 */
public final class StackProject {
    private static final int LARGEST = 16 << 20;

    private final LakeCommand lake;
    private final Path state;
    private final Path folder;
    private final String prefix;

    private StackProject(LakeCommand lake, Path state, Path folder, String prefix) {
        this.lake = lake;
        this.state = state;
        this.folder = folder;
        this.prefix = prefix;
    }

    /** @param prefix of its databases */
    public static StackProject on(LakeCommand lake, Path state, String prefix) throws IOException {
        StackProject project = new StackProject(lake, state, Files.createTempDirectory(state, prefix), prefix);
        project.write("targets.yaml", """
                own:
                  extends: local
                  prefix: %s
                  variables: {SHOP_DB: "%s", SHOP_PASSWORD: "%s"}
                """.formatted(prefix, project.database(), project.password()));
        return project;
    }

    /** The variables of its target, for commands that take them from the environment. */
    static Map<String, String> variables(Path state) throws IOException {
        return Map.of("SHOP_DB", database(state), "SHOP_PASSWORD", password(state));
    }

    /** What its databases' names begin with. */
    public String prefix() {
        return prefix;
    }

    /** Writes a file of the project. */
    public void write(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }

    /** Appends to a file of the project. */
    public void append(String file, String text) throws IOException {
        Path path = folder.resolve(file);
        Files.writeString(path, Files.readString(path) + text);
    }

    /** Runs a command of {@code ./lake} on the project. */
    public LakeCommand.Result lake(String... command) throws IOException, InterruptedException {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(List.of("--project", folder.toString(), "--target", "own"));
        return lake.in(folder).run(words.toArray(String[]::new));
    }

    /** Runs a command on the project, inside this JVM. */
    public LakeCommand.Result call(String... command) {
        return called(List.of("--target", "own"), command);
    }

    /** The same on the stack's own target: in databases without a prefix. A live service takes such runs. */
    LakeCommand.Result callLocal(String... command) {
        return called(List.of("--target", "local"), command);
    }

    /** The same of a command that knows no target. */
    LakeCommand.Result callWithoutTarget(String... command) {
        return called(List.of(), command);
    }

    private LakeCommand.Result called(List<String> target, String... command) {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(List.of("--project", folder.toString()));
        words.addAll(target);
        return lake.call(words.toArray(String[]::new));
    }

    /** {@code ./lake} in the project's folder, on the stack's own target. */
    public LakeCommand here() {
        return lake.in(folder);
    }

    /** Puts a file on HDFS. */
    public void put(String path, byte[] content) throws IOException, InterruptedException {
        WebHdfs.of(state).put(path, content);
    }

    /** Sends records to partition 0 of a topic, in order, and registers their schemas; makes the topic if it is not there. */
    public void send(String topic, long timestamp, List<GenericRecord> records) throws Exception {
        Target target = Json.mapper().readValue(state.resolve("target.json").toFile(), Target.class);
        Map<String, Object> properties = new HashMap<>(target.kafka());
        makeTopic(topic, properties);
        properties.put("max.request.size", LARGEST);
        properties.putAll(target.registry());
        try (AvroSerializer serializer = new AvroSerializer();
                KafkaProducer<byte[], byte[]> producer =
                        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            serializer.configure(properties, false);
            for (GenericRecord record : records) {
                byte[] value = serializer.serialize(topic, record);
                producer.send(new ProducerRecord<>(topic, 0, timestamp, null, value))
                        .get();
            }
        }
    }

    private static void makeTopic(String topic, Map<String, Object> properties) throws Exception {
        try (Admin admin = Admin.create(properties)) {
            NewTopic made = new NewTopic(topic, 1, (short) 1)
                    .configs(Map.of("max.message.bytes", Integer.toString(LARGEST), "retention.ms", "-1"));
            admin.createTopics(List.of(made)).all().get();
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    /** Runs statements on the stack's PostgreSQL. */
    public void sql(String... statements) throws Exception {
        try (Connection connection = connection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** A connection to the stack's PostgreSQL. */
    Connection connection() throws Exception {
        return DriverManager.getConnection(database(), "lake", password());
    }

    private String database() throws IOException {
        return database(state);
    }

    private static String database(Path state) throws IOException {
        return "jdbc:postgresql://127.0.0.1:" + json(state, "ports.json").get("postgres") + "/shop";
    }

    /** That of the stack's PostgreSQL. */
    public String password() throws IOException {
        return password(state);
    }

    private static String password(Path state) throws IOException {
        return json(state, "credentials.json").get("postgres/lake").toString();
    }

    private static Map<?, ?> json(Path state, String file) throws IOException {
        return Json.mapper().readValue(state.resolve(file).toFile(), Map.class);
    }
}
