/**
 * What the benchmarks of streams share: seeded click events whose counts are known, their way through the HTTP API, and how
 * long after the API's answer Trino shows them. Knows no engine.
 */
package dev.igarape.bench.stream;
