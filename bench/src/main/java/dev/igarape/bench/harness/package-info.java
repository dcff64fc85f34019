/**
 * What all benchmarks share: rounds, comparisons of candidates with baselines, statistics and the report. Knows no
 * benchmark.
 */
package dev.igarape.bench.harness;
