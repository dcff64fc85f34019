package dev.igarape.jobs.landing.files;

import dev.igarape.jobs.ledger.Consumed;
import dev.igarape.jobs.ledger.SequenceSet;
import dev.igarape.jobs.ledger.TimeRange;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Events that captures of one partition have brought, by file. Each event is of one file alone, so a number stands twice only
 * where an event hub was deleted and made anew, and counts from 0 again; its events are later than all of the one before.
 */
final class CapturedPartition {
    private final Map<String, Consumed.FileVersion> files = new TreeMap<>();
    /** By first number; the ranges of a layer do not overlap, and there are about as many layers as event hubs that followed. */
    private final List<NavigableMap<Long, Brought>> layers = new ArrayList<>();

    private record Brought(String path, long last, Optional<TimeRange> enqueued) {}

    /** Takes a file in, in the place of its last version. */
    void put(String path, Consumed.FileVersion version) {
        Optional.ofNullable(files.put(path, version)).ifPresent(before -> remove(path, before));
        Consumed.Captured captured = captured(version);
        for (SequenceSet.Range range : captured.numbers().ranges()) {
            layerWithout(range).put(range.first(), new Brought(path, range.last(), captured.enqueued()));
        }
    }

    private void remove(String path, Consumed.FileVersion version) {
        for (SequenceSet.Range range : captured(version).numbers().ranges()) {
            for (NavigableMap<Long, Brought> layer : layers) {
                Brought brought = layer.get(range.first());
                if (brought != null && brought.path().equals(path)) {
                    layer.remove(range.first());
                }
            }
        }
    }

    private NavigableMap<Long, Brought> layerWithout(SequenceSet.Range range) {
        for (NavigableMap<Long, Brought> layer : layers) {
            Map.Entry<Long, Brought> before = layer.floorEntry(range.last());
            if (before == null || before.getValue().last() < range.first()) {
                return layer;
            }
        }
        NavigableMap<Long, Brought> layer = new TreeMap<>();
        layers.add(layer);
        return layer;
    }

    /**
     * Whether a file other than this one has brought an event.
     *
     * @param enqueued when the event was; if it is not known, its number alone counts
     */
    boolean isOfOther(String path, long number, Optional<Instant> enqueued) {
        for (NavigableMap<Long, Brought> layer : layers) {
            Map.Entry<Long, Brought> at = layer.floorEntry(number);
            if (at != null
                    && at.getValue().last() >= number
                    && !at.getValue().path().equals(path)) {
                Optional<TimeRange> times = at.getValue().enqueued();
                if (times.isEmpty() || enqueued.isEmpty() || times.get().contains(enqueued.get())) {
                    return true;
                }
            }
        }
        return false;
    }

    Optional<Consumed.FileVersion> version(String path) {
        return Optional.ofNullable(files.get(path));
    }

    /** The files that hold one of these events, which others have brought. */
    List<String> holding(SequenceSet numbers) {
        return files.entrySet().stream()
                .filter(file -> captured(file.getValue())
                        .duplicates()
                        .filter(numbers::intersects)
                        .isPresent())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The files that hold events which another one had brought, and none has now: it was replaced. */
    List<String> holdingWhatNoneHas() {
        SequenceSet brought = SequenceSet.union(files.values().stream()
                .flatMap(version -> captured(version).numbers().ranges().stream())
                .toList());
        return files.entrySet().stream()
                .filter(file -> captured(file.getValue())
                        .duplicates()
                        .filter(numbers -> !numbers.without(brought).isEmpty())
                        .isPresent())
                .map(Map.Entry::getKey)
                .toList();
    }

    /** Events of one event hub, of those that followed each other under the same name. */
    static final class Life {
        private final List<SequenceSet.Range> ranges = new ArrayList<>();
        private final List<SequenceSet.Range> accepted = new ArrayList<>();
        /** By first number of a range. */
        private final Map<Long, String> paths = new TreeMap<>();

        /** Whether another one was before it, so that it is known to begin at 0. */
        private final boolean anew;

        private long last = -1;
        private Optional<TimeRange> enqueued = Optional.empty();

        private Life(boolean anew) {
            this.anew = anew;
        }

        private boolean isBefore(Consumed.Captured captured) {
            return enqueued.isPresent()
                    && captured.enqueued().isPresent()
                    && !captured.enqueued().get().from().isBefore(enqueued.get().until())
                    && captured.numbers().ranges().get(0).first() <= last;
        }

        private void add(String path, Consumed.Captured captured) {
            for (SequenceSet.Range range : captured.numbers().ranges()) {
                ranges.add(range);
                paths.put(range.first(), path);
                last = Math.max(last, range.last());
            }
            captured.accepted().ifPresent(set -> accepted.addAll(set.ranges()));
            captured.enqueued()
                    .ifPresent(times ->
                            enqueued = Optional.of(enqueued.map(times::span).orElse(times)));
        }

        /** When its first known event was enqueued. */
        Optional<Instant> since() {
            return enqueued.map(TimeRange::from);
        }

        /** The numbers that no file has and nobody has accepted, by the file with the number that follows. */
        Map<SequenceSet.Range, String> missing() {
            Map<SequenceSet.Range, String> missing = new TreeMap<>(Comparator.comparing(SequenceSet.Range::first));
            List<SequenceSet.Range> there = SequenceSet.union(ranges).ranges();
            SequenceSet known = SequenceSet.union(accepted);
            for (int i = anew ? 0 : 1; i < there.size(); i++) {
                long next = there.get(i).first();
                long first = i == 0 ? 0 : there.get(i - 1).last() + 1;
                SequenceSet hole = next == first
                        ? SequenceSet.EMPTY
                        : new SequenceSet(List.of(new SequenceSet.Range(first, next - 1)));
                hole.without(known).ranges().forEach(range -> missing.put(range, paths.get(next)));
            }
            return missing;
        }
    }

    /** The event hubs that followed each other, the first one first: where time goes on and numbers go back, another one begins. */
    List<Life> lives() {
        List<Life> lives = new ArrayList<>();
        files.entrySet().stream()
                .filter(file -> !captured(file.getValue()).numbers().isEmpty())
                .sorted(Comparator.comparing((Map.Entry<String, Consumed.FileVersion> file) -> captured(file.getValue())
                                .enqueued()
                                .map(TimeRange::from)
                                .orElse(Instant.MIN))
                        .thenComparing(file -> captured(file.getValue())
                                .numbers()
                                .ranges()
                                .get(0)
                                .first()))
                .forEach(file -> {
                    Consumed.Captured captured = captured(file.getValue());
                    if (lives.isEmpty() || lives.get(lives.size() - 1).isBefore(captured)) {
                        lives.add(new Life(!lives.isEmpty()));
                    }
                    lives.get(lives.size() - 1).add(file.getKey(), captured);
                });
        return lives;
    }

    private static Consumed.Captured captured(Consumed.FileVersion version) {
        return version.captured().orElseThrow();
    }
}
