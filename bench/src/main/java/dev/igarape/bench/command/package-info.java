/** Benchmarks {@code start}, {@code backfill} and {@code plan}: whole processes or DAG runs, timed from start to end as a user waits for them. */
package dev.igarape.bench.command;
