package dev.igarape.cli.demo.checked;

import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;

/**
 * How events reach Kafka: some twice, some only with later ones, and none in order.
 *
 * @param doubled in percent of the events
 * @param late likewise
 */
public record Disorder(int doubled, int late) {
    /** Far more than usual, so that each case is there in a few events. */
    public static final Disorder MUCH = new Disorder(20, 15);

    /**
     * The events in parts. A copy has the timestamp of the event.
     *
     * @param starts the first date of each part but the first one
     * @param onTime keys of events that are never late
     */
    public List<List<Delivery>> spread(
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
            int later = !onTime.contains(event.key()) && random.nextInt(100) < late ? 1 : 0;
            parts.get(Math.min(part + later, last)).add(event);
            if (random.nextInt(100) < doubled) {
                parts.get(Math.min(part + random.nextInt(last + 1), last)).add(event);
            }
        }
        parts.forEach(part -> Collections.shuffle(part, random));
        return parts;
    }
}
