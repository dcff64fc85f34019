package dev.igarape.bench.stream;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What was measured of an engine.
 *
 * @param clicks acknowledged, those of the warm-up too
 * @param late how many of them were late by half a minute or more
 * @param doubled how many of them were there before
 * @param delays of the measurement's clicks
 * @param cpuMillis CPU time for each click of the measurement
 * @param idleShare CPU time of a core while nothing came, as a share of the time; not a number if it was not measured
 * @param commits of the measurement
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
        long failures) {
    /** For reports in JSON. */
    public Map<String, Object> report() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("engine", engine);
        fields.put("events", clicks);
        fields.put("late", late);
        fields.put("doubled", doubled);
        fields.put("lost", difference.missing());
        fields.put("surplus", difference.surplus());
        fields.put("p50_seconds", delays.percentile(50));
        fields.put("p99_seconds", delays.percentile(99));
        fields.put("never_visible", delays.invisible());
        fields.put("cpu_millis_per_event", cpuMillis);
        fields.put("idle_share_of_a_core", idleShare);
        fields.put("commits", commits);
        fields.put("answers", answers);
        fields.put("failed_queries", failures);
        return fields;
    }
}
