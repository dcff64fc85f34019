package dev.igarape.model;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Duration;
import java.util.Optional;

/**
 * When the live service lands what has come: as soon as one of these is reached. Runs that are asked for land at once,
 * whatever it says, so it decides no rows.
 *
 * @param every so long after the last landing that committed something; empty: time does not count. In JSON,
 *     {@code every_seconds}
 * @param orSize or with so many bytes waiting; empty: size does not count. In JSON, {@code or_size_bytes}
 */
@JsonPropertyOrder({"every_seconds", "or_size_bytes"})
public record CommitRule(
        @JsonProperty("every_seconds") @JsonFormat(pattern = "SECONDS")
        Optional<Duration> every,

        @JsonProperty("or_size_bytes") Optional<Long> orSize) {
    public CommitRule {
        if (every.isEmpty() && orSize.isEmpty()) {
            throw new IllegalArgumentException("a landing that says when it commits needs a time or a size");
        }
    }
}
