package dev.igarape.api.topics;

import dev.igarape.api.http.Problem;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;

/** Mapping of Kafka's exceptions to problems for the client. */
final class KafkaExceptionMapper {
    private static final int UNAVAILABLE = 503;
    private static final int RETRY_AFTER_SECONDS = 2;

    private KafkaExceptionMapper() {}

    /** For a failure to learn whether there is such a topic, before anything is sent. */
    static Problem unreachable(String topic, Throwable failure) {
        Problem problem = problem(topic, failure);
        return problem.status() != UNAVAILABLE
                ? problem
                : Problem.unavailable(
                        "kafka-unreachable",
                        "Kafka does not answer",
                        "Kafka does not answer whether it has the topic '" + topic
                                + "'. Nothing was written. Send it again later.",
                        RETRY_AFTER_SECONDS);
    }

    static Problem problem(String topic, Throwable failure) {
        if (failure instanceof RecordTooLargeException) {
            return Problem.of(
                    413,
                    "too-large",
                    "The message is too large",
                    "Kafka does not take so large a message into '" + topic
                            + "'. Send less, or raise the topic's max.message.bytes.");
        }
        if (failure instanceof AuthorizationException) {
            return Problem.of(
                    403,
                    "not-allowed",
                    "The topic is closed to this service",
                    "Kafka does not let this service use '" + topic + "'. Grant it Describe and Write on the topic.");
        }
        return Problem.unavailable(
                "kafka-unavailable",
                "Kafka did not confirm the message",
                "Kafka did not acknowledge a message for '" + topic + "' in time"
                        + (failure instanceof RetriableException
                                ? ""
                                : " (" + failure.getClass().getSimpleName() + ")")
                        + "; it may or may not have been written. Send it again later.",
                RETRY_AFTER_SECONDS);
    }
}
