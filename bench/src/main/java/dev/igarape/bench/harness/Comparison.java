package dev.igarape.bench.harness;

/**
 * A comparison of our candidate with a baseline that does the same work.
 *
 * @param name names the case, e.g. a codec
 * @param target the smallest ratio, the baseline's time by ours, with which it passes
 */
public record Comparison(String name, Candidate ours, Candidate baseline, double target) {}
