package dev.igarape.model.job;

import java.util.Optional;

/**
 * How many intervals a planned date has.
 *
 * @param touched how many of them a build would compute; empty where it computes none, or where only the rows tell
 */
public record PlannedIntervals(int all, Optional<Integer> touched) {}
