package dev.igarape.api;

import dev.igarape.api.auth.Guard;
import dev.igarape.api.auth.Right;
import dev.igarape.api.health.HealthRoutes;
import dev.igarape.api.health.MetricsRoute;
import dev.igarape.api.health.OpenApiRoute;
import dev.igarape.api.http.Exchange;
import dev.igarape.api.http.Router;
import dev.igarape.api.random.RandomRoute;
import dev.igarape.api.schemas.SchemaRoutes;
import dev.igarape.api.topics.BatchRoute;
import dev.igarape.api.topics.Names;
import dev.igarape.api.topics.PublishRoute;
import io.vertx.core.http.HttpMethod;
import java.util.Set;
import java.util.function.Function;

/** Every address of the service, and who may use it. {@code openapi.json} describes the same. */
record Routes(
        Guard guard,
        PublishRoute publish,
        BatchRoute batch,
        RandomRoute random,
        SchemaRoutes schemas,
        HealthRoutes health,
        MetricsRoute metrics) {

    Router router() {
        Function<Exchange, String> topic = exchange -> exchange.path("topic");
        Function<Exchange, String> subject = exchange -> Names.topicOf(exchange.path("subject"));
        return new Router()
                .route(
                        HttpMethod.POST,
                        "/v1/topics/{topic}",
                        Set.of("key"),
                        guard.require(Right.PRODUCE, topic, publish))
                .route(
                        HttpMethod.POST,
                        "/v1/topics/{topic}/batch",
                        Set.of("key_field"),
                        guard.require(Right.PRODUCE, topic, batch))
                .route(HttpMethod.GET, "/v1/random/{dataset}", RandomRoute.PARAMETERS, random)
                .route(
                        HttpMethod.POST,
                        "/v1/schemas/{subject}",
                        Set.of(),
                        guard.require(Right.SCHEMA, subject, schemas::register))
                .route(
                        HttpMethod.GET,
                        "/v1/schemas/{subject}",
                        Set.of(),
                        guard.require(Right.READ, subject, schemas::show))
                .route(HttpMethod.GET, "/openapi", Set.of(), new OpenApiRoute())
                .route(HttpMethod.GET, "/health/live", Set.of(), health::live)
                .route(HttpMethod.GET, "/health/ready", Set.of(), health::ready)
                .route(HttpMethod.GET, "/metrics", Set.of(), guard.requireToken(metrics));
    }
}
