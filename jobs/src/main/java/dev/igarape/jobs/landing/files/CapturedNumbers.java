package dev.igarape.jobs.landing.files;

import dev.igarape.jobs.landing.files.folders.EventHubPartition;
import dev.igarape.jobs.landing.files.folders.FoundFile;
import dev.igarape.jobs.ledger.AcceptedGap;
import dev.igarape.jobs.ledger.Consumed;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.SequenceSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Sequence numbers of captured events, by the file that has brought them. */
final class CapturedNumbers {
    private static final String REASON = "not captured";

    /** By partition and path. */
    private final Map<EventHubPartition, Map<String, Consumed.FileVersion>> files = new TreeMap<>();

    private final Map<EventHubPartition, SequenceSet> known = new HashMap<>();

    /** What a table has. */
    CapturedNumbers(LedgerState state) {
        state.files().forEach(this::put);
    }

    private void put(String path, Consumed.FileVersion version) {
        version.captured().ifPresent(captured -> {
            EventHubPartition partition = new EventHubPartition(captured.eventHub(), captured.partition());
            files.computeIfAbsent(partition, key -> new TreeMap<>()).put(path, version);
        });
    }

    /** Numbers that files other than this one have brought. */
    SequenceSet ofOthers(FoundFile file) {
        EventHubPartition partition = file.captured().orElseThrow();
        Map<String, Consumed.FileVersion> all = files.getOrDefault(partition, Map.of());
        if (!all.containsKey(file.name())) {
            return known.computeIfAbsent(partition, key -> union(all, Optional.empty()));
        }
        return union(all, Optional.of(file.name()));
    }

    /** Adds a file that was landed, in the place of its last version. */
    void add(FoundFile file, Consumed.FileVersion version) {
        put(file.name(), version);
        known.remove(file.captured().orElseThrow());
    }

    private static SequenceSet union(Map<String, Consumed.FileVersion> all, Optional<String> without) {
        List<SequenceSet.Range> ranges = new ArrayList<>();
        all.forEach((path, version) -> {
            if (!without.equals(Optional.of(path))) {
                ranges.addAll(version.captured().orElseThrow().numbers().ranges());
            }
        });
        return SequenceSet.union(ranges);
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
        files.forEach((partition, all) -> {
            List<SequenceSet.Range> there = union(all, Optional.empty()).ranges();
            List<SequenceSet.Range> accepted = new ArrayList<>();
            all.values()
                    .forEach(version -> version.captured()
                            .orElseThrow()
                            .accepted()
                            .ifPresent(set -> accepted.addAll(set.ranges())));
            for (int i = 1; i < there.size(); i++) {
                SequenceSet hole = new SequenceSet(List.of(new SequenceSet.Range(
                        there.get(i - 1).last() + 1, there.get(i).first() - 1)));
                long next = there.get(i).first();
                for (SequenceSet.Range missing :
                        hole.without(SequenceSet.union(accepted)).ranges()) {
                    gaps.add(new Gap(partition, missing, pathOf(all, next)));
                }
            }
        });
        return gaps;
    }

    private static String pathOf(Map<String, Consumed.FileVersion> all, long number) {
        return all.entrySet().stream()
                .filter(file ->
                        file.getValue().captured().orElseThrow().numbers().contains(number))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    /** The versions of files with which gaps are accepted, by path: of each, the one that follows it. */
    Map<String, Consumed.FileVersion> accepting(List<Gap> gaps) {
        Map<String, Consumed.FileVersion> versions = new TreeMap<>();
        for (Gap gap : gaps) {
            Consumed.FileVersion before = versions.getOrDefault(
                    gap.after(), files.get(gap.partition()).get(gap.after()));
            versions.put(gap.after(), before.accepting(gap.missing()));
        }
        return versions;
    }
}
