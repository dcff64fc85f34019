package dev.igarape.jobs.landing.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.model.Source;
import dev.igarape.model.TableName;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Records without a value. */
final class TombstonesTest extends EvolvingTopicTestBase {
    @Test
    void dropsTombstonesWhereTheyAreNoFault() throws Exception {
        for (String format : List.of("avro", "json", "bytes")) {
            String topic = "cdc_" + format;
            Lake quarantines = lake(topic, raw(topic, "earliest", format, Optional.empty()));
            try (KafkaProducer<byte[], byte[]> producer = local.kafka().producer(Optional.empty())) {
                byte[] value = format.equals("avro")
                        ? framed(
                                registry.add(topic + "-value", record("t.Row", "{'name': 'id', 'type': 'int'}")),
                                record("t.Row", "{'name': 'id', 'type': 'int'}"),
                                "{'id': 1}")
                        : new byte[] {'1'};
                producer.send(new ProducerRecord<>(topic, 0, NOON, new byte[] {1}, value));
                producer.send(new ProducerRecord<>(topic, 0, (Long) NOON, new byte[] {1}, (byte[]) null));
            }
            assertThat(land(quarantines, topic).balance()).isEqualTo(Balance.landed(2, 1, 1));
            Lake drops = lake(topic, raw(topic, "earliest", format, Optional.of(Source.Kafka.DROP)));
            try (KafkaProducer<byte[], byte[]> producer = local.kafka().producer(Optional.empty())) {
                producer.send(new ProducerRecord<>(topic, 0, (Long) NOON, new byte[] {1}, (byte[]) null));
            }
            assertThat(land(drops, topic).balance()).isEqualTo(Balance.landed(1, 0, 0, 1));
            try (Publisher publisher = drops.publisher()) {
                assertThat(new KafkaReplay(drops, publisher)
                                .run(drops.table(TableName.parse("raw." + topic)), source(drops, topic))
                                .balance())
                        .isEqualTo(Balance.landed(1, 0, 0, 1));
            }
            assertThat(drops.ledger(TableName.parse("raw." + topic)).read().quarantine())
                    .allSatisfy(placed -> assertThat(placed.partition().rows()).isZero());
        }
    }
}
