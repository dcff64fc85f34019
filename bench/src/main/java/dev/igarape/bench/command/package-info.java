/**
 * Benchmarks {@code start}, {@code backfill}, {@code plan} and {@code cluster}: whole processes, timed from start to end as a user waits
 * for them.
 */
package dev.igarape.bench.command;
