package dev.igarape.cli.demo.checked;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** How events reach Kafka: some twice, some only with later ones, and none in order. */
public final class Disorder {
    /** In percent of the events. */
    private static final int DOUBLED = 20;
    /** Likewise. */
    private static final int LATE = 15;

    private Disorder() {}

    /**
     * The events in parts. A copy has the timestamp of the event.
     *
     * @param starts the first date of each part but the first one
     * @param onTime keys of events that are never late
     */
    public static List<List<Delivery>> of(
            List<Delivery> events, List<LocalDate> starts, Set<String> onTime, Random random) {
        List<List<Delivery>> parts = new ArrayList<>();
        for (int i = 0; i <= starts.size(); i++) {
            parts.add(new ArrayList<>());
        }
        int last = starts.size();
        for (Delivery event : events) {
            LocalDate date = event.at().atZone(ZoneOffset.UTC).toLocalDate();
            int part =
                    (int) starts.stream().filter(start -> !date.isBefore(start)).count();
            int late = !onTime.contains(event.key()) && random.nextInt(100) < LATE ? 1 : 0;
            parts.get(Math.min(part + late, last)).add(event);
            if (random.nextInt(100) < DOUBLED) {
                parts.get(Math.min(part + random.nextInt(last + 1), last)).add(event);
            }
        }
        parts.forEach(part -> Collections.shuffle(part, random));
        return parts;
    }
}
