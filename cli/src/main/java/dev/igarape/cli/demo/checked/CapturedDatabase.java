package dev.igarape.cli.demo.checked;

import dev.igarape.cli.demo.Topic;
import dev.igarape.cli.topic.StartPosition;
import dev.igarape.cli.topic.TopicReader;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.targets.Target;
import dev.igarape.wire.registry.SchemaRegistryClient;
import dev.igarape.wire.serde.AvroDeserializer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** The stack's PostgreSQL, whose changes Kafka Connect writes to topics. */
public final class CapturedDatabase {
    private static final String DATABASE = "shop";
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final long POLL_MILLIS = 250;
    /** Of a snapshot's rows but the last one of a table. */
    private static final Set<String> GOES_ON = Set.of("true", "first", "first_in_data_collection");

    private final Map<String, String> login;
    private final Target target;
    private final Consumer<String> connectors;

    /**
     * @param login where and as whom, under the names that files of connectors have for it
     * @param connectors has a connector run that has this name in the project; one that runs is left alone
     */
    public CapturedDatabase(Map<String, String> login, Target target, Consumer<String> connectors) {
        this.login = Map.copyOf(login);
        this.target = target;
        this.connectors = connectors;
    }

    /**
     * Runs statements in one transaction, and waits until the topic has all that they change.
     *
     * @param statements the last one changes one row: its change is the last that the topic gets
     * @throws LakeException UNAVAILABLE if the database refuses, or the topic has them not in time
     */
    public void change(Capture capture, List<String> statements) {
        long position = run(statements);
        connectors.accept(capture.connector());
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!new Topic(capture.topic(), target.kafka()).exists()) {
            requireTime(capture, end);
            pause();
        }
        try (SchemaRegistryClient registry = new SchemaRegistryClient(target.registry());
                AvroDeserializer envelopes = new AvroDeserializer(registry)) {
            envelopes.configure(Map.of(), false);
            new TopicReader(target.kafka()).read(capture.topic(), StartPosition.parse("earliest"), messages -> {
                requireTime(capture, end);
                return messages.stream().noneMatch(message -> reaches(message, position, envelopes));
            });
        }
    }

    /** Returns a position in the database's log that only the last statement's change lies behind. */
    private long run(List<String> statements) {
        int last = statements.size() - 1;
        String url = "jdbc:postgresql://%s:%s/%s"
                .formatted(login.get("STACK_POSTGRES_HOST"), login.get("STACK_POSTGRES_PORT"), DATABASE);
        try (Connection connection = DriverManager.getConnection(
                        url, login.get("STACK_POSTGRES_USER"), login.get("STACK_POSTGRES_PASSWORD"));
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String sql : statements.subList(0, last)) {
                statement.execute(sql);
            }
            long position;
            try (ResultSet row = statement.executeQuery("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")) {
                row.next();
                position = row.getBigDecimal(1).longValueExact();
            }
            if (statement.executeUpdate(statements.get(last)) != 1) {
                throw new IllegalArgumentException("changes not one row: " + statements.get(last));
            }
            connection.commit();
            return position;
        } catch (SQLException e) {
            throw new LakeException(
                    ExitCode.UNAVAILABLE,
                    "Cannot write to the database at %s: %s. Is it up? ./lake status tells."
                            .formatted(url, e.getMessage()),
                    e);
        }
    }

    /** Changes come in the order of the log, and rows of a snapshot all have the position at which it was taken. */
    private static boolean reaches(ConsumerRecord<byte[], byte[]> message, long position, AvroDeserializer envelopes) {
        if (message.value() == null) {
            return false;
        }
        GenericRecord envelope = (GenericRecord) envelopes.deserialize(message.topic(), message.value());
        GenericRecord source = (GenericRecord) envelope.get("source");
        return source.get("lsn") instanceof Long lsn
                && lsn >= position
                && !GOES_ON.contains(String.valueOf(source.get("snapshot")));
    }

    private static void requireTime(Capture capture, long end) {
        if (System.nanoTime() > end) {
            throw new LakeException(
                    ExitCode.UNAVAILABLE,
                    "The topic %s lacks changes of the database after %d seconds. ./lake connect status says how the connector %s is."
                            .formatted(capture.topic(), PATIENCE.toSeconds(), capture.connector()));
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a topic", e);
        }
    }
}
