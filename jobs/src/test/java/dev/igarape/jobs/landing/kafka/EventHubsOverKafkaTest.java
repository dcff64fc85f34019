package dev.igarape.jobs.landing.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.maintenance.Expiry;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingCertificate;
import dev.igarape.jobs.testing.TestingKafka;
import dev.igarape.jobs.testing.TestingSpark;
import dev.igarape.model.CommitRule;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.LakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/**
 * A broker that lets clients in as Event Hubs does: over TLS, as the user {@code $ConnectionString} whose password is the
 * connection string. What it sends is captured for seven days.
 */
@ExtendWith(TestServers.class)
@Timeout(300)
final class EventHubsOverKafkaTest {
    private static final String LOGIN = "org.apache.kafka.common.security.plain.PlainLoginModule required ";
    private static final String CONNECTION_STRING =
            "Endpoint=sb://shop.servicebus.windows.net/;SharedAccessKeyName=lake;SharedAccessKey=c2VjcmV0+/8=";
    private static final TableName RAW = TableName.parse("raw.orders");

    @TempDir
    static Path folder;

    @Test
    void landsWithAConnectionStringAndKeepsSevenDays(LocalLake local) throws Exception {
        Path keystore = TestingCertificate.in(folder).store();
        try (TestingKafka broker = TestingKafka.start(listener(keystore))) {
            broker.createTopic("orders", 1, Map.of());
            send(broker, 3);
            Map<String, String> kafka = client(broker, keystore, CONNECTION_STRING);
            assertThat(land(local, kafka).balance()).isEqualTo(Balance.landed(3, 3, 0));
            assertThatThrownBy(() -> land(local, client(broker, keystore, "Endpoint=sb://other/")))
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining("uthentication")
                    .hasMessageNotContaining("Endpoint");

            Lake later = lake(local, kafka, Clock.offset(Clock.systemUTC(), Duration.ofDays(8)));
            try (Publisher publisher = later.publisher()) {
                assertThat(new Expiry(later, publisher).run(later.table(RAW), false))
                        .isNotEmpty();
            }
            send(broker, 1);
            assertThat(land(local, kafka).balance()).isEqualTo(Balance.landed(1, 1, 0));
            assertThat(land(local, kafka).outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
        }
    }

    private static TableRun land(LocalLake local, Map<String, String> kafka) throws Exception {
        Lake lake = lake(local, kafka, Clock.systemUTC());
        Source.Kafka source = lake.table(RAW).definition().kafka().orElseThrow();
        try (Publisher publisher = lake.publisher()) {
            return new KafkaLanding(lake, publisher, TestingSpark.UNUSED).run(lake.table(RAW), source, false);
        }
    }

    private static Lake lake(LocalLake local, Map<String, String> kafka, Clock clock) throws Exception {
        Source source = new Source.Kafka(List.of("orders"), "earliest", "json", Optional.empty(), Optional.empty());
        CommitRule commit = new CommitRule(Optional.of(Duration.ofMinutes(5)), Optional.of(100L << 20));
        Table table = new Table(
                RAW,
                "",
                new LandingDefinition(source, Optional.of(commit)),
                Map.of(),
                List.of(),
                List.of(),
                "7 days",
                "raw hash");
        return local.lake("eventhubs_", kafka, Map.of(), Map.of(), clock, Step.Listener.NONE, table);
    }

    private static void send(TestingKafka broker, int count) {
        try (KafkaProducer<byte[], byte[]> producer = broker.producer(Optional.empty())) {
            for (int i = 0; i < count; i++) {
                producer.send(new ProducerRecord<>("orders", "{\"id\": 1}".getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    private static Map<String, String> client(TestingKafka broker, Path keystore, String connectionString) {
        Map<String, String> settings = new HashMap<>();
        settings.put("bootstrap.servers", broker.secureServers());
        settings.put("security.protocol", "SASL_SSL");
        settings.put("sasl.mechanism", "PLAIN");
        settings.put(
                "sasl.jaas.config", LOGIN + "username=\"$ConnectionString\" password=\"" + connectionString + "\";");
        settings.put("ssl.truststore.type", "PKCS12");
        settings.put("ssl.truststore.location", keystore.toString());
        settings.put("ssl.truststore.password", TestingCertificate.PASSWORD);
        return settings;
    }

    private static Map<String, String> listener(Path keystore) {
        return Map.of(
                "sasl.enabled.mechanisms",
                "PLAIN",
                "listener.name.secure.plain.sasl.jaas.config",
                LOGIN + "user_$ConnectionString=\"" + CONNECTION_STRING + "\";",
                "listener.name.secure.ssl.keystore.type",
                "PKCS12",
                "listener.name.secure.ssl.keystore.location",
                keystore.toString(),
                "listener.name.secure.ssl.keystore.password",
                TestingCertificate.PASSWORD);
    }
}
