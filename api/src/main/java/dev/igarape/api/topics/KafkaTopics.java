package dev.igarape.api.topics;

import dev.igarape.api.http.Problem;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Existence checks of topics, cached. Made before producing, as the producer blocks on a topic that does not exist. */
public final class KafkaTopics {
    private static final Duration KEEP_FOUND = Duration.ofSeconds(30);
    private static final Duration KEEP_MISSING = Duration.ofSeconds(1);

    private final Admin admin;
    private final Duration timeout;
    private final LookupCache<Boolean> known;

    public KafkaTopics(Admin admin, Duration timeout, LongSupplier nanoTime) {
        this.admin = admin;
        this.timeout = timeout;
        this.known = new LookupCache<>(found -> found ? KEEP_FOUND : KEEP_MISSING, KEEP_MISSING, nanoTime);
    }

    /** Fails with 404 when the topic does not exist and 503 when no broker answers. */
    Future<Void> require(String topic) {
        return known.get(topic, () -> describe(topic))
                .compose(found -> found
                        ? Future.succeededFuture()
                        : Future.failedFuture(Problem.of(
                                        404,
                                        "unknown-topic",
                                        "There is no such topic",
                                        "Kafka has no topic '" + topic + "'. Create it, or check its name.")
                                .toException()));
    }

    void forget(String topic) {
        known.forget(topic);
    }

    /** Completes when a broker answers. */
    public Future<Void> ping() {
        Promise<Void> promise = Promise.promise();
        admin.describeCluster(new DescribeClusterOptions().timeoutMs((int) timeout.toMillis()))
                .nodes()
                .whenComplete((nodes, failure) -> {
                    if (failure == null) {
                        promise.complete();
                    } else {
                        promise.fail(failure);
                    }
                });
        return promise.future();
    }

    private Future<Boolean> describe(String topic) {
        Promise<Boolean> promise = Promise.promise();
        admin.describeTopics(List.of(topic), new DescribeTopicsOptions().timeoutMs((int) timeout.toMillis()))
                .topicNameValues()
                .get(topic)
                .whenComplete((description, failure) -> {
                    Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
                    if (cause == null) {
                        promise.complete(true);
                    } else if (cause instanceof UnknownTopicOrPartitionException) {
                        promise.complete(false);
                    } else {
                        promise.fail(
                                KafkaExceptionMapper.unreachable(topic, cause).toException());
                    }
                });
        return promise.future();
    }
}
