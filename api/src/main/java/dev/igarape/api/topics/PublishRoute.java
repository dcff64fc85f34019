package dev.igarape.api.topics;

import dev.igarape.api.http.Answer;
import dev.igarape.api.http.Exchange;
import dev.igarape.api.http.Json;
import dev.igarape.api.http.Problem;
import dev.igarape.api.http.ProblemException;
import dev.igarape.api.http.RouteHandler;
import dev.igarape.wire.Converted;
import dev.igarape.wire.WireFormat;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;

/**
 * {@code POST /v1/topics/{topic}?key=}: one JSON object, checked against the latest schema of {@code <topic>-value},
 * written in Confluent's wire format. Answers 202 once all in-sync replicas have it.
 */
public final class PublishRoute implements RouteHandler {
    /** Where the message lies in Kafka. */
    record Published(String topic, int partition, long offset) {}

    private final KafkaTopics topics;
    private final LatestSchemas schemas;
    private final KafkaSink sink;
    private final WorkerExecutor workers;

    /** @param workers convert and hand over to the producer, which may block for a moment */
    public PublishRoute(KafkaTopics topics, LatestSchemas schemas, KafkaSink sink, WorkerExecutor workers) {
        this.topics = topics;
        this.schemas = schemas;
        this.sink = sink;
        this.workers = workers;
    }

    @Override
    public Future<Answer> handle(Exchange exchange) {
        String topic = Names.topic(exchange.path("topic"));
        Optional<String> key = exchange.query().allow(Set.of("key")).text("key");
        return exchange.jsonBody()
                .compose(json -> topics.require(topic)
                        .compose(known -> schemas.require(topic))
                        .compose(schema ->
                                workers.executeBlocking(() -> sink.send(message(topic, key, schema, json)), false)))
                .compose(sent -> sent)
                .map(PublishRoute::accepted);
    }

    private static ProducerRecord<byte[], byte[]> message(
            String topic, Optional<String> key, TopicSchema schema, byte[] json) {
        Converted converted = schema.converter().convert(json);
        if (converted instanceof Converted.Rejected rejected) {
            throw rejection(topic, schema, rejected, json);
        }
        byte[] avro = ((Converted.Encoded) converted).avro();
        byte[] keyBytes = key.map(text -> text.getBytes(StandardCharsets.UTF_8)).orElse(null);
        return new ProducerRecord<>(topic, keyBytes, WireFormat.frame(schema.id(), avro));
    }

    /** 400 for what is no JSON at all, 422 for JSON that does not fit. */
    private static ProblemException rejection(
            String topic, TopicSchema schema, Converted.Rejected rejected, byte[] json) {
        Json.check(json);
        return Problem.of(
                        422,
                        "does-not-fit-schema",
                        "The message does not fit its schema",
                        "The message does not fit the schema of '" + topic + "' (subject " + schema.subject() + ", id "
                                + schema.id() + "). Each error points at what to mend.")
                .with(rejected.faults().stream()
                        .map(fault -> new Problem.Fault(fault.pointer(), fault.message()))
                        .toList())
                .failure();
    }

    private static Answer accepted(RecordMetadata metadata) {
        return Answer.json(202, new Published(metadata.topic(), metadata.partition(), metadata.offset()));
    }
}
