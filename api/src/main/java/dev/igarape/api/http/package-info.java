/**
 * HTTP without knowledge of topics: routing, bodies within limits, responses and problem details (RFC 9457), over
 * Vert.x.
 */
package dev.igarape.api.http;
