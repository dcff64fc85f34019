package dev.igarape.jobs.landing.kafka.offsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingKafka;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TestServers.class)
class BrokerOffsetsTest {
    private static final StartPolicy EARLIEST = new StartPolicy.Earliest();

    private static TestingKafka kafka;

    @BeforeAll
    static void start(TestingKafka broker) {
        kafka = broker;
    }

    @Test
    void readsBeginningsEndsAndStarts() throws ExecutionException, InterruptedException {
        kafka.createTopic("orders", 2, Map.of());
        long first = System.currentTimeMillis();
        try (KafkaProducer<byte[], byte[]> producer = kafka.producer(Optional.empty())) {
            for (int i = 0; i < 10; i++) {
                producer.send(new ProducerRecord<>("orders", 0, first + i, null, new byte[] {1}));
            }
        }
        try (Admin admin = kafka.admin()) {
            admin.deleteRecords(Map.of(new TopicPartition("orders", 0), RecordsToDelete.beforeOffset(3)))
                    .all()
                    .get();
        }

        TopicOffsets earliest = broker().read("orders", EARLIEST);
        assertThat(earliest.partitions())
                .isEqualTo(Map.of(0, new PartitionOffsets(3, 10, 3), 1, new PartitionOffsets(0, 0, 0)));
        assertThat(earliest.topicId()).hasSize(22);
        assertThat(starts(new StartPolicy.Latest())).isEqualTo(10);
        assertThat(starts(new StartPolicy.From(Instant.ofEpochMilli(first + 7))))
                .isEqualTo(7);
        assertThat(starts(new StartPolicy.From(Instant.ofEpochMilli(first + 70))))
                .isEqualTo(10);
        assertThat(starts(new StartPolicy.From(Instant.EPOCH))).isEqualTo(3);
    }

    private static long starts(StartPolicy policy) {
        return broker().read("orders", policy).partitions().get(0).start();
    }

    @Test
    void endsBeforeOpenTransactions() {
        kafka.createTopic("open", 1, Map.of());
        try (KafkaProducer<byte[], byte[]> producer = kafka.producer(Optional.of("open"))) {
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("open", new byte[] {1}));
            producer.commitTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("open", new byte[] {1}));
            producer.flush();

            assertThat(broker().read("open", EARLIEST).partitions().get(0).end())
                    .isEqualTo(2);
            producer.abortTransaction();
        }
    }

    @Test
    void givesARecreatedTopicAnotherId() throws ExecutionException, InterruptedException {
        kafka.createTopic("again", 1, Map.of());
        String before = broker().read("again", EARLIEST).topicId();
        try (Admin admin = kafka.admin()) {
            admin.deleteTopics(List.of("again")).all().get();
        }
        kafka.createTopic("again", 1, Map.of());

        assertThat(broker().read("again", EARLIEST).topicId()).isNotEqualTo(before);
    }

    @Test
    void saysThatATopicDoesNotExist() {
        assertFailure(
                "nowhere",
                ExitCode.DEFINITION,
                "Cannot land `nowhere`: the broker at " + kafka.bootstrapServers()
                        + " has no such topic. Create it, or correct the name under landing: kafka: topics.");
        assertFailure(
                "../x",
                ExitCode.DEFINITION,
                "Cannot land `../x`: that is not a topic name. Use letters, digits,"
                        + " dots, underscores and hyphens, 249 at most.");
    }

    @Test
    void saysThatTheBrokerIsDown() {
        String nobody = "127.0.0.1:" + TestingKafka.freePort();
        BrokerOffsets broker = new BrokerOffsets(Map.of("bootstrap.servers", nobody), Duration.ofSeconds(1));

        assertThatThrownBy(() -> broker.read("orders", EARLIEST))
                .hasMessageStartingWith(
                        "Cannot land `orders`: the broker at " + nobody + " did not answer within 1 s (")
                .hasMessageEndingWith("Start it, or correct bootstrap.servers.")
                .satisfies(e -> assertThat(((LakeException) e).exitCode()).isEqualTo(ExitCode.UNAVAILABLE));
    }

    private static void assertFailure(String topic, ExitCode code, String message) {
        assertThatThrownBy(() -> broker().read(topic, EARLIEST))
                .hasMessage(message)
                .satisfies(e -> assertThat(((LakeException) e).exitCode()).isEqualTo(code));
    }

    private static BrokerOffsets broker() {
        return new BrokerOffsets(kafka.properties(), Duration.ofSeconds(20));
    }
}
