package dev.igarape.bench.harness;

/**
 * A claim that ours does the same work in less time than a rival.
 *
 * @param name of the case, e.g. a codec
 * @param wanted the least ratio, rival's time by ours, that is promised
 */
public record Comparison(String name, Candidate ours, Candidate rival, double wanted) {}
