/** Benchmark {@code cluster}: a month's landing and backfill on two workers, each on a core of its own, against one. */
package dev.igarape.bench.cluster;
