package dev.igarape.api.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Set;

/** The metrics of the service. Labels have no values that a client can choose freely, so their number is bounded. */
public final class Meters {
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS");
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10)
    };

    private final MeterRegistry registry;

    public Meters(MeterRegistry registry, InFlightLimiter limiter) {
        this.registry = registry;
        registry.gauge("igarape.api.in.flight.requests", limiter, InFlightLimiter::requests);
        registry.gauge("igarape.api.in.flight.bytes", limiter, InFlightLimiter::bytes);
    }

    /**
     * A request is answered.
     *
     * @param route the route's template, or {@code none}
     */
    void answered(String route, String method, int status, long nanos) {
        Timer.builder("igarape.api.requests")
                .description("Requests from their head to their answer's last byte")
                .tag("route", route)
                .tag("method", METHODS.contains(method) ? method : "other")
                .tag("status", Integer.toString(status))
                .serviceLevelObjectives(BUCKETS)
                .register(registry)
                .record(Duration.ofNanos(nanos));
    }

    /** A request, or a line of a batch, was refused for this problem. */
    public void refused(Problem problem) {
        registry.counter("igarape.api.refused", "reason", problem.name()).increment();
    }

    /** Kafka has acknowledged a message. The topic exists, so that there are no more labels than topics. */
    public void produced(String topic) {
        registry.counter("igarape.api.produced.records", "topic", topic).increment();
    }
}
