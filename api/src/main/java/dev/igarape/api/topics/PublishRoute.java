package dev.igarape.api.topics;

import dev.igarape.api.http.RequestContext;
import dev.igarape.api.http.Response;
import dev.igarape.api.http.RouteHandler;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.Optional;
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
    public Future<Response> handle(RequestContext context) {
        String topic = ResourceNames.topic(context.path("topic"));
        Optional<String> key = context.query().text("key");
        return context.jsonBody()
                .compose(json -> topics.require(topic)
                        .compose(known -> schemas.require(topic))
                        .map(schema -> new ProducerRecordFactory(topic, schema))
                        .compose(records -> workers.executeBlocking(() -> sink.send(records.record(key, json)), false)))
                .compose(sent -> sent)
                .map(PublishRoute::accepted);
    }

    private static Response accepted(RecordMetadata metadata) {
        return Response.json(202, new Published(metadata.topic(), metadata.partition(), metadata.offset()));
    }
}
