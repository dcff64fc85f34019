package dev.igarape.jobs.ledger;

import dev.igarape.model.Expectation;

/**
 * How many rows of a build failed one expectation.
 *
 * @param failed rows that failed it, each counted under every expectation that it fails
 */
public record ExpectationResult(String name, Expectation.Action action, long failed) {}
