package dev.igarape.jobs.landing.kafka.offsets;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.time.DateTimeException;
import java.time.Instant;

/** Where the first landing of a topic begins. */
public sealed interface StartPolicy {
    /** At the oldest record that the broker still has. */
    record Earliest() implements StartPolicy {}

    /** At the next record that arrives. */
    record Latest() implements StartPolicy {}

    /** At the first record whose Kafka timestamp is not before the instant. */
    record From(Instant instant) implements StartPolicy {}

    /** Parses {@code earliest}, {@code latest} or an ISO-8601 instant such as {@code 2024-01-01T00:00:00Z}. */
    static StartPolicy parse(String text) {
        switch (text) {
            case "earliest":
                return new Earliest();
            case "latest":
                return new Latest();
            default:
                try {
                    return new From(Instant.parse(text));
                } catch (DateTimeException e) {
                    throw new LakeException(
                            ExitCode.DEFINITION,
                            "Cannot start at '" + text + "': it is neither earliest, latest nor an instant. Write e.g."
                                    + " start: 2024-01-01T00:00:00Z.",
                            e);
                }
        }
    }
}
