package dev.igarape.jobs.landing.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.jobs.landing.files.folders.EventHubPartition;
import dev.igarape.jobs.landing.files.folders.FoundFile;
import dev.igarape.jobs.ledger.Consumed;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;

/** Event hubs that follow each other under one name, whose captures overlap and come in any order. */
final class CapturedNumbersTest {
    private static final EventHubPartition PARTITION = new EventHubPartition("shop/orders", 0);
    private static final long SEED = 15;

    /** An event of one of the event hubs. */
    private record Event(int hub, long number, Instant enqueued) {}

    private static List<List<Event>> captures(Random random) {
        List<List<Event>> captures = new ArrayList<>();
        Instant now = Instant.parse("2024-01-01T00:00:00Z");
        for (int hub = 0; hub < 4; hub++) {
            List<Event> events = new ArrayList<>();
            for (long number = 0; number < 50 + random.nextInt(100); number++) {
                now = now.plusSeconds(random.nextInt(3));
                events.add(new Event(hub, number, now));
            }
            for (int from = 0; from < events.size(); from += 1 + random.nextInt(8)) {
                captures.add(events.subList(from, Math.min(events.size(), from + 8)));
            }
            now = now.plusSeconds(60);
        }
        return captures;
    }

    @Test
    void eachEventIsBroughtOnceInAnyOrder() {
        for (long seed = SEED; seed < SEED + 20; seed++) {
            Random random = new Random(seed);
            List<List<Event>> captures = captures(random);
            Set<Event> all = new HashSet<>();
            captures.forEach(all::addAll);
            Collections.shuffle(captures, random);
            CapturedNumbers numbers = new CapturedNumbers(Map.of());
            List<Event> brought = new ArrayList<>();
            for (int i = 0; i < captures.size(); i++) {
                brought.addAll(land(numbers, "/capture/" + i, captures.get(i)));
            }
            assertThat(brought).hasSameSizeAs(all).containsExactlyInAnyOrderElementsOf(all);
            assertThat(numbers.gaps()).isEmpty();
            assertThat(numbers.renewed()).hasSize(1);
        }
    }

    @Test
    void aGapOfOneEventHubIsNotFilledByAnother() {
        CapturedNumbers numbers = new CapturedNumbers(Map.of());
        Instant first = Instant.parse("2024-01-01T00:00:00Z");
        Instant second = Instant.parse("2024-02-01T00:00:00Z");
        land(numbers, "/capture/new", List.of(new Event(1, 0, second), new Event(1, 4, second.plusSeconds(4))));
        land(numbers, "/capture/old", List.of(new Event(0, 2, first), new Event(0, 8, first.plusSeconds(8))));
        assertThat(numbers.gaps())
                .extracting(gap -> gap.missing() + " " + gap.after())
                .containsExactly("3-7 /capture/old", "1-3 /capture/new");
    }

    private static List<Event> land(CapturedNumbers numbers, String path, List<Event> events) {
        FoundFile file = new FoundFile(new Path(path), 1, Instant.EPOCH, LocalDate.EPOCH, Optional.of(PARTITION));
        BroughtEvents brought = new BroughtEvents();
        List<Event> landed = new ArrayList<>();
        for (Event event : events) {
            Optional<Instant> enqueued = Optional.of(event.enqueued());
            if (numbers.isOfOther(file, event.number(), enqueued)) {
                brought.addOfOther(event.number());
            } else if (brought.add(event.number(), enqueued)) {
                landed.add(event);
            }
        }
        numbers.add(path, new Consumed.FileVersion(1, Instant.EPOCH, path, Optional.of(brought.captured(PARTITION))));
        return landed;
    }
}
