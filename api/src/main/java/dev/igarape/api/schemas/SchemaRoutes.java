package dev.igarape.api.schemas;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.api.http.Problem;
import dev.igarape.api.http.RequestContext;
import dev.igarape.api.http.Response;
import dev.igarape.api.http.StrictJson;
import dev.igarape.api.topics.LatestSchemas;
import dev.igarape.api.topics.ResourceNames;
import dev.igarape.wire.registry.IncompatibleSchemaException;
import dev.igarape.wire.registry.RegisteredSchema;
import dev.igarape.wire.registry.SchemaNotFoundException;
import dev.igarape.wire.registry.SchemaRegistryClient;
import dev.igarape.wire.registry.SchemaRegistryException;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
import java.util.concurrent.Callable;
import org.apache.avro.Schema;

/** {@code POST} and {@code GET /v1/schemas/{subject}}: registers a version of a subject and shows the latest. */
public final class SchemaRoutes {
    private static final int UNPROCESSABLE = 422;

    /** A version of a subject. */
    record Version(String subject, int version, int id, JsonNode schema) {}

    private final SchemaRegistryClient registry;
    private final LatestSchemas latest;
    private final WorkerExecutor workers;

    public SchemaRoutes(SchemaRegistryClient registry, LatestSchemas latest, WorkerExecutor workers) {
        this.registry = registry;
        this.latest = latest;
        this.workers = workers;
    }

    /** The body is an Avro schema in JSON. Registering the latest version again changes nothing. */
    public Future<Response> register(RequestContext context) {
        String subject = ResourceNames.subject(context.path("subject"));
        return context.jsonBody()
                .compose(body -> onRegistry(
                        () -> {
                            Schema schema = AvroSchemas.parse(body);
                            RegisteredSchema registered = new SchemaRegistration(registry, subject).register(schema);
                            latest.forget(subject);
                            return response(registered);
                        },
                        subject));
    }

    public Future<Response> show(RequestContext context) {
        String subject = ResourceNames.subject(context.path("subject"));
        context.permit();
        return onRegistry(() -> response(registry.latest(subject)), subject);
    }

    private Future<Response> onRegistry(Callable<Response> call, String subject) {
        return workers.executeBlocking(call, false)
                .recover(failure -> Future.failedFuture(
                        failure instanceof SchemaRegistryException refusal ? problem(refusal, subject) : failure));
    }

    private static Exception problem(SchemaRegistryException failure, String subject) {
        if (failure instanceof IncompatibleSchemaException) {
            return Problem.of(
                            409,
                            "incompatible-schema",
                            "The schema is incompatible",
                            "The registry refuses the schema beside the versions that '" + subject + "' has: "
                                    + failure.getMessage()
                                    + " Give new fields a default and keep the types of old ones.")
                    .toException();
        }
        if (failure instanceof SchemaNotFoundException) {
            return Problem.of(
                            404,
                            "no-schema",
                            "The subject has no schema",
                            "The registry has no subject '" + subject + "'. Register a schema with POST /v1/schemas/"
                                    + subject + ".")
                    .toException();
        }
        if (failure.status() == UNPROCESSABLE) {
            return AvroSchemas.invalid(failure.getMessage()).toException();
        }
        return LatestSchemas.problem(failure);
    }

    private static Response response(RegisteredSchema registered) {
        JsonNode schema = StrictJson.tree(registered.schema().toString());
        return Response.json(200, new Version(registered.subject(), registered.version(), registered.id(), schema));
    }
}
