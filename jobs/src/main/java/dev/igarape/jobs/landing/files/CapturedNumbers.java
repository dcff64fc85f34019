package dev.igarape.jobs.landing.files;

import dev.igarape.jobs.landing.files.folders.EventHubPartition;
import dev.igarape.jobs.landing.files.folders.FoundFile;
import dev.igarape.jobs.ledger.AcceptedGap;
import dev.igarape.jobs.ledger.Consumed;
import dev.igarape.jobs.ledger.SequenceSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Sequence numbers of captured events, by the file that has brought them. */
final class CapturedNumbers {
    private static final String REASON = "not captured";

    private final Map<EventHubPartition, CapturedPartition> partitions = new TreeMap<>();
    /** Numbers that files had brought and in their new versions no longer do. */
    private final Map<EventHubPartition, SequenceSet> dropped = new TreeMap<>();

    private final Map<EventHubPartition, Integer> livesBefore = new TreeMap<>();

    /** @param files that a table has, by path */
    CapturedNumbers(Map<String, Consumed.FileVersion> files) {
        files.forEach(this::put);
        partitions.forEach(
                (partition, events) -> livesBefore.put(partition, events.lives().size()));
    }

    private void put(String path, Consumed.FileVersion version) {
        version.captured().ifPresent(captured -> of(partition(captured)).put(path, version));
    }

    private CapturedPartition of(EventHubPartition partition) {
        return partitions.computeIfAbsent(partition, key -> new CapturedPartition());
    }

    private static EventHubPartition partition(Consumed.Captured captured) {
        return new EventHubPartition(captured.eventHub(), captured.partition());
    }

    /** Whether a file other than this one has brought an event. */
    boolean isOfOther(FoundFile file, long number, Optional<Instant> enqueued) {
        return of(file.captured().orElseThrow()).isOfOther(file.name(), number, enqueued);
    }

    /** Adds a file that was landed, in the place of its last version. */
    void add(String path, Consumed.FileVersion version) {
        Consumed.Captured now = version.captured().orElseThrow();
        EventHubPartition partition = partition(now);
        of(partition).version(path).flatMap(Consumed.FileVersion::captured).ifPresent(before -> {
            List<SequenceSet.Range> ranges =
                    new ArrayList<>(before.numbers().without(now.numbers()).ranges());
            ranges.addAll(dropped.getOrDefault(partition, SequenceSet.EMPTY).ranges());
            dropped.put(partition, SequenceSet.union(ranges));
        });
        put(path, version);
    }

    /**
     * Paths of files with events that another one had brought, and since it was replaced no longer does; also where that was
     * known before, and this file could not be read then.
     */
    Set<String> fillers() {
        Set<String> paths = new TreeSet<>();
        partitions.values().forEach(events -> paths.addAll(events.holdingWhatNoneHas()));
        dropped.forEach((partition, numbers) -> paths.addAll(of(partition).holding(numbers)));
        return paths;
    }

    /** What to tell of event hubs that were found to be made anew since this was made. */
    List<String> renewed() {
        List<String> texts = new ArrayList<>();
        partitions.forEach((partition, files) -> {
            List<CapturedPartition.Life> lives = files.lives();
            if (lives.size() > Math.max(1, livesBefore.getOrDefault(partition, 0))) {
                texts.add("partition " + partition.partition() + " of " + partition.eventHub()
                        + " counts its events anew since "
                        + lives.get(lives.size() - 1)
                                .since()
                                .map(Instant::toString)
                                .orElse("some time")
                        + ", for its event hub was deleted and made again. All of its events were landed; sequence"
                        + " numbers come twice now, so tell them apart by enqueued_time, too.");
            }
        });
        return texts;
    }

    /**
     * Numbers that no file has, between those that there are.
     *
     * @param after the file with the number that follows
     */
    record Gap(EventHubPartition partition, SequenceSet.Range missing, String after) {
        /** For messages. */
        String text() {
            return "partition " + partition.partition() + " of " + partition.eventHub() + " lacks " + missing + " ("
                    + missing.size() + (missing.size() == 1 ? " event" : " events") + ") before " + after;
        }

        AcceptedGap accepted() {
            return new AcceptedGap(
                    partition.eventHub(), partition.partition(), missing.first(), missing.last() + 1, REASON);
        }
    }

    /** All gaps that nobody has accepted. */
    List<Gap> gaps() {
        List<Gap> gaps = new ArrayList<>();
        partitions.forEach((partition, files) -> files.lives()
                .forEach(life -> life.missing().forEach((range, after) -> gaps.add(new Gap(partition, range, after)))));
        return gaps;
    }

    /** The versions of files with which gaps are accepted, by path: of each, the one that follows it. */
    Map<String, Consumed.FileVersion> accepting(List<Gap> gaps) {
        Map<String, Consumed.FileVersion> versions = new TreeMap<>();
        for (Gap gap : gaps) {
            Consumed.FileVersion before = versions.containsKey(gap.after())
                    ? versions.get(gap.after())
                    : of(gap.partition()).version(gap.after()).orElseThrow();
            versions.put(gap.after(), before.accepting(gap.missing()));
        }
        return versions;
    }
}
