package dev.igarape.api.topics;

import dev.igarape.api.http.Meters;
import dev.igarape.api.http.RequestContext;
import dev.igarape.api.http.Response;
import dev.igarape.api.http.RouteHandler;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;

/**
 * {@code POST /v1/topics/{topic}/batch?key_field=}: one JSON object on each line, each checked and written as by
 * {@link PublishRoute}, in their order; {@code key_field} names the
 * member whose text is the key. Answers 202 when every line was accepted and 207 otherwise, with a line of JSON
 * for each: {@code {"line":1,"status":202,"partition":0,"offset":7}} or a problem with the line's number and status.
 * An error in one line does not stop the others.
 */
public final class BatchRoute implements RouteHandler {
    private final Vertx vertx;
    private final KafkaTopics topics;
    private final LatestSchemas schemas;
    private final KafkaSink sink;
    private final WorkerExecutor workers;
    private final Meters meters;
    private final int longestLine;

    /** @param workers convert and hand over to the producer, which may block for a moment */
    public BatchRoute(
            Vertx vertx,
            KafkaTopics topics,
            LatestSchemas schemas,
            KafkaSink sink,
            WorkerExecutor workers,
            Meters meters,
            int longestLine) {
        this.vertx = vertx;
        this.topics = topics;
        this.schemas = schemas;
        this.sink = sink;
        this.workers = workers;
        this.meters = meters;
        this.longestLine = longestLine;
    }

    @Override
    public Future<Response> handle(RequestContext context) {
        String topic = ResourceNames.topic(context.path("topic"));
        BatchProcessor batch =
                new BatchProcessor(vertx.getOrCreateContext(), context, sink, workers, meters, longestLine);
        return batch.run(topics.require(topic)
                .compose(known -> schemas.require(topic))
                .map(schema -> new ProducerRecordFactory(topic, schema)));
    }
}
