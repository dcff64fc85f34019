package dev.igarape.bench.stream;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** An event of the topic, as the pipeline {@code clickstream} has them. */
public record Click(Instant time, String username, String page, String eventName) {
    private static final Duration WINDOW = Duration.ofSeconds(5);

    /** Times have milliseconds, as in the schema. */
    public Click {
        time = time.truncatedTo(ChronoUnit.MILLIS);
    }

    /**
     * A window's row: what its events are counted by.
     *
     * @param start of the window
     */
    public record Group(Instant start, String eventName, String page, String username) {}

    /** The beginning of the window that it is in. */
    public Instant window() {
        long length = WINDOW.toSeconds();
        return Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), length) * length);
    }

    /** The row in which it is counted. */
    public Group group() {
        return new Group(window(), eventName, page, username);
    }

    /** As the HTTP API takes it, on one line. */
    String json() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("username", username)
                .put("page", page)
                .put("event_name", eventName)
                .put("event_time", time.toString())
                .toString();
    }
}
