package dev.igarape.api.topics;

import dev.igarape.api.http.Meters;
import dev.igarape.api.http.Problem;
import dev.igarape.api.http.ProblemException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.RecordMetadata;

/** A chunk of a batch: lines that are converted and produced together, in order. */
final class Chunk {
    private static final int UNAVAILABLE = 503;

    private final List<LineSplitter.Line> lines = new ArrayList<>();
    private final List<Future<RecordMetadata>> outcomes = new ArrayList<>();
    private long cost;

    void add(LineSplitter.Line line, long lineCost) {
        lines.add(line);
        cost += lineCost;
    }

    int size() {
        return lines.size();
    }

    long cost() {
        return cost;
    }

    /**
     * Sends line by line, up to the first that finds no Kafka. May block: call on a worker.
     *
     * @return completes when each line sent has its outcome
     */
    Future<Void> send(ProducerRecordFactory records, Optional<String> keyMember, KafkaSink sink, int longestLine) {
        for (LineSplitter.Line line : lines) {
            Future<RecordMetadata> outcome = send(line, records, keyMember, sink, longestLine);
            outcomes.add(outcome);
            if (isUnavailable(outcome)) {
                break;
            }
        }
        return Future.join(outcomes).<Void>mapEmpty().otherwiseEmpty();
    }

    /** The first line that was not tried; empty when all were. */
    Optional<LineSplitter.Line> untried() {
        return outcomes.size() < lines.size() ? Optional.of(lines.get(outcomes.size())) : Optional.empty();
    }

    /** The last problem of Kafka's that a line met, once every outcome is there. */
    Optional<Problem> outage() {
        return outcomes.stream()
                .filter(Chunk::isUnavailable)
                .findFirst()
                .map(outcome -> ((ProblemException) outcome.cause()).problem());
    }

    /** One line of JSON for each line tried, once every outcome is there. */
    LineResults results(Meters meters) {
        LineResults results = new LineResults(meters);
        for (int i = 0; i < outcomes.size(); i++) {
            results.add(lines.get(i).number(), outcomes.get(i));
        }
        return results;
    }

    private static Future<RecordMetadata> send(
            LineSplitter.Line line,
            ProducerRecordFactory records,
            Optional<String> keyMember,
            KafkaSink sink,
            int longestLine) {
        if (line.tooLong()) {
            return Future.failedFuture(Problem.of(
                            413,
                            "too-large",
                            "The line is too large",
                            "A line may have " + longestLine + " bytes. Send less, or raise IGARAPE_API_MAX_BODY and"
                                    + " the topic's max.message.bytes.")
                    .toException());
        }
        try {
            return sink.send(
                    keyMember.isPresent()
                            ? records.keyedRecord(keyMember.get(), line.bytes())
                            : records.record(Optional.empty(), line.bytes()));
        } catch (ProblemException e) {
            return Future.failedFuture(e);
        }
    }

    private static boolean isUnavailable(Future<RecordMetadata> outcome) {
        return outcome.failed()
                && outcome.cause() instanceof ProblemException refused
                && refused.problem().status() == UNAVAILABLE;
    }

    /** The results of lines, as JSON lines. */
    static final class LineResults {
        private static final int MAX_ERRORS = 10;

        private final Buffer json = Buffer.buffer();
        private final Meters meters;
        private boolean refusals;

        LineResults(Meters meters) {
            this.meters = meters;
        }

        Buffer json() {
            return json;
        }

        boolean hasRefusals() {
            return refusals;
        }

        private void add(long line, Future<RecordMetadata> outcome) {
            if (outcome.succeeded()) {
                json.appendString("{\"line\":" + line + ",\"status\":202,\"partition\":"
                        + outcome.result().partition() + ",\"offset\":"
                        + outcome.result().offset() + "}\n");
            } else {
                refused(line, problem(outcome.cause()));
            }
        }

        void refused(long line, Problem problem) {
            refusals = true;
            meters.refused(problem);
            json.appendBytes(problem.toJsonLine(line, MAX_ERRORS)).appendByte((byte) '\n');
        }

        private static Problem problem(Throwable failure) {
            return failure instanceof ProblemException refused ? refused.problem() : Problem.internalError();
        }
    }
}
