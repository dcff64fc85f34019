/** Endpoints about the service itself: liveness, readiness, metrics and its OpenAPI description. */
package dev.igarape.api.health;
