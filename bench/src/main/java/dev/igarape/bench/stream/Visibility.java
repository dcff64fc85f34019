package dev.igarape.bench.stream;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How long after its acknowledgement a click is visible. The k-th acknowledged click of a window is visible with the first
 * answer that counts at least k clicks in that window; so nothing has to be marked in the events. Times are those of
 * {@link System#nanoTime}.
 */
public final class Visibility {
    private static final double NANOS = 1e9;

    private final Instant oldest;
    private final Map<Instant, List<Long>> acknowledged = new HashMap<>();
    private final Map<Instant, List<Answer>> answers = new HashMap<>();

    private record Answer(long nanos, long count) {}

    /**
     * The delays of the clicks of an interval of time.
     *
     * @param seconds from acknowledged to visible, ascending
     * @param invisible how many were in no answer
     */
    public record Delays(List<Double> seconds, long invisible) {
        public Delays {
            seconds = List.copyOf(seconds);
        }

        /** By the nearest rank; not a number if there is none. */
        public double percentile(int percent) {
            if (seconds.isEmpty()) {
                return Double.NaN;
            }
            int rank = (int) Math.ceil(seconds.size() * percent / 100.0);
            return seconds.get(Math.max(1, rank) - 1);
        }
    }

    /** @param oldest windows before it are not asked for, so their clicks have no delay */
    public Visibility(Instant oldest) {
        this.oldest = oldest;
    }

    public synchronized void acknowledged(Click click, long nanos) {
        if (!click.window().isBefore(oldest)) {
            acknowledged
                    .computeIfAbsent(click.window(), window -> new ArrayList<>())
                    .add(nanos);
        }
    }

    /** Takes an answer: the counts of some windows, and when it had come whole. */
    public synchronized void answered(Map<Instant, Long> counts, long nanos) {
        counts.forEach((window, count) -> {
            List<Answer> before = answers.computeIfAbsent(window, any -> new ArrayList<>());
            if (before.isEmpty() || before.get(before.size() - 1).count() < count) {
                before.add(new Answer(nanos, count));
            }
        });
    }

    /** Whether an answer had a window in it. */
    synchronized boolean any() {
        return !answers.isEmpty();
    }

    /** The delays of clicks that were acknowledged at or after {@code from}. */
    public synchronized Delays delays(long from) {
        List<Double> seconds = new ArrayList<>();
        long invisible = 0;
        for (Map.Entry<Instant, List<Long>> window : acknowledged.entrySet()) {
            List<Long> clicks = window.getValue().stream().sorted().toList();
            List<Answer> seen = answers.getOrDefault(window.getKey(), List.of());
            int answer = 0;
            for (int k = 1; k <= clicks.size(); k++) {
                while (answer < seen.size() && seen.get(answer).count() < k) {
                    answer++;
                }
                long at = clicks.get(k - 1);
                if (at < from) {
                    continue;
                }
                if (answer == seen.size()) {
                    invisible++;
                } else {
                    // A click may be visible before the answer of the API has come.
                    seconds.add(Math.max(0, seen.get(answer).nanos() - at) / NANOS);
                }
            }
        }
        return new Delays(seconds.stream().sorted().toList(), invisible);
    }
}
