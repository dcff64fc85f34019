/** Benchmarks {@code start}, {@code backfill} and {@code plan}: whole processes, timed from start to end as a user waits for them. */
package dev.igarape.bench.command;
