/** Benchmark {@code cadence}: what it costs to build the same tables by whole dates, by time, by size and continuously. */
package dev.igarape.bench.cadence;
