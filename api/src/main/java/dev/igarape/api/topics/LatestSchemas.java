package dev.igarape.api.topics;

import dev.igarape.api.http.Problem;
import dev.igarape.api.http.ProblemException;
import dev.igarape.wire.json.JsonToAvro;
import dev.igarape.wire.registry.RegisteredSchema;
import dev.igarape.wire.registry.RegistryUnavailableException;
import dev.igarape.wire.registry.SchemaNotFoundException;
import dev.igarape.wire.registry.SchemaRegistryClient;
import dev.igarape.wire.registry.SchemaRegistryException;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/** A cache of the latest schema of each subject, at most {@code keep} old. */
public final class LatestSchemas {
    private static final Duration KEEP_MISSING = Duration.ofSeconds(1);
    /** A subject that need not exist: asking for it shows whether the registry answers. */
    private static final String PROBE = "igarape-readiness";

    private static final int RETRY_AFTER_SECONDS = 2;

    private final SchemaRegistryClient registry;
    private final WorkerExecutor workers;
    private final LookupCache<Optional<TopicSchema>> known;

    /** @param workers for the registry alone, so that a slow registry does not hold up what needs none */
    public LatestSchemas(SchemaRegistryClient registry, WorkerExecutor workers, Duration keep, LongSupplier nanoTime) {
        this.registry = registry;
        this.workers = workers;
        this.known = new LookupCache<>(found -> found.isPresent() ? keep : KEEP_MISSING, KEEP_MISSING, nanoTime);
    }

    /** Fails with 404 when the subject has no schema and 503 when no registry answers. */
    Future<TopicSchema> require(String topic) {
        String subject = ResourceNames.valueSubject(topic);
        return known.get(subject, () -> workers.executeBlocking(() -> load(subject), false))
                .compose(found -> found.map(Future::succeededFuture)
                        .orElseGet(() -> Future.failedFuture(Problem.of(
                                        404,
                                        "no-schema",
                                        "The topic has no schema",
                                        "The registry has no subject '" + subject + "', so nothing tells what '" + topic
                                                + "' takes. Register its schema with POST /v1/schemas/" + subject + ".")
                                .toException())));
    }

    /** Completes when the registry answers. */
    public Future<Void> ping() {
        return known.get(PROBE, () -> workers.executeBlocking(() -> load(PROBE), false))
                .mapEmpty();
    }

    public void forget(String subject) {
        known.forget(subject);
    }

    private Optional<TopicSchema> load(String subject) {
        try {
            RegisteredSchema latest = registry.latest(subject);
            return Optional.of(new TopicSchema(subject, latest.id(), JsonToAvro.forSchema(latest.schema())));
        } catch (SchemaNotFoundException e) {
            return Optional.empty();
        } catch (SchemaRegistryException e) {
            throw problem(e);
        }
    }

    /** The problem for a client whose request failed on an error of the registry. */
    public static ProblemException problem(SchemaRegistryException failure) {
        return Problem.unavailable(
                        "registry-unavailable",
                        "The schema registry can't be used",
                        (failure instanceof RegistryUnavailableException
                                        ? "The schema registry does not answer"
                                        : "The schema registry refused this service with status " + failure.status())
                                + ". Nothing of this request was taken. Send it again later.",
                        RETRY_AFTER_SECONDS)
                .toException();
    }
}
