package dev.igarape.model;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Where a landing takes its data from. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Source.Kafka.class, name = "kafka"),
    @JsonSubTypes.Type(value = Source.Http.class, name = "http")
})
public sealed interface Source {
    /**
     * Kafka topics with Confluent-framed Avro values.
     *
     * @param start where a topic never landed before begins: {@code earliest}, {@code latest} or an ISO-8601 instant
     * @param format {@code avro}
     * @param eventTime top-level field of the value that dates the row (a long timestamp-millis or -micros, an int
     *     date, or an ISO-8601 string); empty: the Kafka timestamp
     */
    record Kafka(List<String> topics, String start, String format, Optional<String> eventTime) implements Source {
        public Kafka {
            topics = List.copyOf(topics);
        }
    }

    /**
     * One GET for each date; the body is kept exactly as received.
     *
     * @param url may hold {@code ${VARIABLE}}s, which the target supplies
     * @param params query parameters; values may hold {@code {date}} and {@code ${VARIABLE}}s
     * @param format {@code json}
     * @param pages how to ask for more than one page; empty: one request
     */
    record Http(String url, Map<String, String> params, String format, Optional<Pages> pages) implements Source {
        public Http {
            params = Collections.unmodifiableMap(new LinkedHashMap<>(params));
        }
    }

    /**
     * Pages of an HTTP answer: {@code param} counts up from {@code first} until a page is an empty JSON array or
     * {@code limit} pages were read, which is an error because the rest would be lost.
     */
    record Pages(String param, int first, int limit) {}
}
