package dev.igarape.bench.stream;

/**
 * What was measured of an engine.
 *
 * @param clicks acknowledged, those of the warm-up too
 * @param late how many of them were late by half a minute or more
 * @param doubled how many of them were there before
 * @param delays of the measurement's clicks
 * @param cpuMillis CPU time for each click of the measurement
 * @param idleShare CPU time of a core while nothing came, as a share of the time; not a number if it was not measured
 * @param failures queries that failed
 */
public record Measured(
        String engine,
        long clicks,
        long late,
        long doubled,
        Truth.Difference difference,
        Visibility.Delays delays,
        double cpuMillis,
        double idleShare,
        long commits,
        long answers,
        long failures) {}
