/** {@code GET /v1/random}: reproducible random events for examples and tests. */
package dev.igarape.api.random;
