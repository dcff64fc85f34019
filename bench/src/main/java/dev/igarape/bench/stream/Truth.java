package dev.igarape.bench.stream;

import java.util.HashMap;
import java.util.Map;

/** How often each row of the windows has to count, by the clicks that the API has acknowledged. */
public final class Truth {
    private final Map<Click.Group, Long> counts = new HashMap<>();
    private long clicks;

    /**
     * How a table differs from the truth.
     *
     * @param missing clicks that it does not count
     * @param surplus clicks that it counts beyond the truth
     */
    public record Difference(long missing, long surplus) {
        public boolean none() {
            return missing == 0 && surplus == 0;
        }
    }

    public synchronized void add(Click click) {
        counts.merge(click.group(), 1L, Long::sum);
        clicks++;
    }

    /** How many clicks there are. */
    public synchronized long clicks() {
        return clicks;
    }

    public synchronized Difference compare(Map<Click.Group, Long> table) {
        long missing = 0;
        long surplus = 0;
        for (Map.Entry<Click.Group, Long> expected : counts.entrySet()) {
            long difference = table.getOrDefault(expected.getKey(), 0L) - expected.getValue();
            missing += Math.max(0, -difference);
            surplus += Math.max(0, difference);
        }
        for (Map.Entry<Click.Group, Long> row : table.entrySet()) {
            if (!counts.containsKey(row.getKey())) {
                surplus += row.getValue();
            }
        }
        return new Difference(missing, surplus);
    }
}
