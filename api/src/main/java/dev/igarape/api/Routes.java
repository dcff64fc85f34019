package dev.igarape.api;

import dev.igarape.api.auth.Permission;
import dev.igarape.api.auth.TokenAuth;
import dev.igarape.api.health.HealthRoutes;
import dev.igarape.api.health.MetricsRoute;
import dev.igarape.api.health.OpenApiRoute;
import dev.igarape.api.http.RequestContext;
import dev.igarape.api.http.Router;
import dev.igarape.api.random.RandomRoute;
import dev.igarape.api.schemas.SchemaRoutes;
import dev.igarape.api.topics.BatchRoute;
import dev.igarape.api.topics.PublishRoute;
import dev.igarape.api.topics.ResourceNames;
import io.vertx.core.http.HttpMethod;
import java.util.Set;
import java.util.function.Function;

/** The routes of the service, with the permission that each requires. {@code openapi.json} describes the same. */
record Routes(
        TokenAuth auth,
        PublishRoute publish,
        BatchRoute batch,
        RandomRoute random,
        SchemaRoutes schemas,
        HealthRoutes health,
        MetricsRoute metrics) {

    Router router() {
        Function<RequestContext, String> topic = context -> context.path("topic");
        Function<RequestContext, String> subject = context -> ResourceNames.topicOf(context.path("subject"));
        return new Router()
                .route(
                        HttpMethod.POST,
                        "/v1/topics/{topic}",
                        Set.of("key"),
                        auth.require(Permission.PRODUCE, topic, publish))
                .route(
                        HttpMethod.POST,
                        "/v1/topics/{topic}/batch",
                        Set.of("key_field"),
                        auth.require(Permission.PRODUCE, topic, batch))
                .route(HttpMethod.GET, "/v1/random/{dataset}", RandomRoute.PARAMETERS, random)
                .route(
                        HttpMethod.POST,
                        "/v1/schemas/{subject}",
                        Set.of(),
                        auth.require(Permission.SCHEMA, subject, schemas::register))
                .route(
                        HttpMethod.GET,
                        "/v1/schemas/{subject}",
                        Set.of(),
                        auth.require(Permission.READ, subject, schemas::show))
                .route(HttpMethod.GET, "/openapi", Set.of(), new OpenApiRoute())
                .route(HttpMethod.GET, "/health/live", Set.of(), health::live)
                .route(HttpMethod.GET, "/health/ready", Set.of(), health::ready)
                .route(HttpMethod.GET, "/metrics", Set.of(), auth.requireToken(metrics));
    }
}
