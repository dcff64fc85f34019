package dev.igarape.bench.growth;

import dev.igarape.bench.stream.Click;
import dev.igarape.bench.stream.ClickTopic;
import dev.igarape.wire.serde.AvroSerializer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Writes clicks to a topic, not through the HTTP API, whose time is not measured here. */
public record ClickProducer(ClickTopic topic, KafkaProducer<byte[], Object> kafka) implements AutoCloseable {
    public ClickProducer(ClickTopic topic) {
        this(topic, new KafkaProducer<>(settings(topic)));
    }

    private static Map<String, Object> settings(ClickTopic topic) {
        Map<String, Object> settings = new HashMap<>(topic.target().kafka());
        settings.putAll(topic.target().registry());
        settings.put(ProducerConfig.ACKS_CONFIG, "all");
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 50);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
        settings.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
        settings.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, AvroSerializer.class);
        return settings;
    }

    /** Returns when all are acknowledged. */
    public void send(List<Click> clicks) throws ExecutionException, InterruptedException {
        List<Future<?>> sent = new ArrayList<>();
        for (Click click : clicks) {
            GenericRecord value = new GenericData.Record(ClickTopic.SCHEMA);
            value.put("username", click.username());
            value.put("page", click.page());
            value.put("event_name", click.eventName());
            value.put("event_time", click.time().toEpochMilli());
            sent.add(kafka.send(new ProducerRecord<>(topic.name(), value)));
        }
        for (Future<?> one : sent) {
            one.get();
        }
    }

    @Override
    public void close() {
        kafka.close();
    }
}
