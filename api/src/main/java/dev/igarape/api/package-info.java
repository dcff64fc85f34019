/** The HTTP service: configuration, wiring and start. {@link dev.igarape.api.Routes} lists every endpoint. */
package dev.igarape.api;
