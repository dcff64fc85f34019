package dev.igarape.api.topics;

import dev.igarape.api.http.Meters;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RetriableException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The producer of records; completes when all in-sync replicas have them. */
public final class KafkaSink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaSink.class);

    private final Producer<byte[], byte[]> producer;
    private final KafkaTopics topics;
    private final Meters meters;
    private final Duration closeTimeout;

    public KafkaSink(Producer<byte[], byte[]> producer, KafkaTopics topics, Meters meters, Duration closeTimeout) {
        this.producer = producer;
        this.topics = topics;
        this.meters = meters;
        this.closeTimeout = closeTimeout;
    }

    /**
     * Completes at the broker's acknowledgement. May block for the producer's {@code max.block.ms}: call on a worker.
     */
    Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> message) {
        Promise<RecordMetadata> promise = Promise.promise();
        try {
            producer.send(message, (metadata, failure) -> {
                if (failure == null) {
                    meters.produced(message.topic());
                    promise.complete(metadata);
                } else {
                    promise.fail(refused(message.topic(), failure));
                }
            });
        } catch (KafkaException | IllegalStateException e) {
            promise.tryFail(refused(message.topic(), e));
        }
        return promise.future();
    }

    private Exception refused(String topic, Exception failure) {
        topics.forget(topic);
        if (!(failure instanceof RetriableException)) {
            LOG.warn("Kafka refused a message for {}", topic, failure);
        }
        return KafkaExceptionMapper.problem(topic, failure).toException();
    }

    /** Waits until everything sent is answered, up to the timeout, then closes. */
    @Override
    public void close() {
        producer.close(closeTimeout);
    }
}
