/**
 * Benchmarks of the jobs, run by {@code ./lake bench}: {@link dev.igarape.bench.Main} runs one and prints its report.
 */
package dev.igarape.bench;
