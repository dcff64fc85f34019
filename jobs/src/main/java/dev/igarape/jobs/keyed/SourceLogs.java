package dev.igarape.jobs.keyed;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What all changes of a table say together of the logs that they were read from: the least and the greatest of the places and times of each
 * epoch. These are the same in whatever order and parts changes come, and so is what they contradict.
 *
 * <p>A connector without a known place takes a full snapshot, then tells transactions in the order of their commits, the
 * first one without a last commit. If it begins once more under the same name, some of this does not hold any more.
 */
final class SourceLogs {
    /**
     * Commits that are this far apart in the log are in the order of their times, in microseconds: PostgreSQL takes the time of a commit
     * before its place in the log, and clocks are set.
     */
    static final long CLOCKS = 60_000_000L;

    private static final String BETWEEN = " ";
    private static final String WORKERS = " (or a worker's clock was set)";

    /**
     * The least or the greatest of some changes. Tables remember them by name, so with another name
     * {@link dev.igarape.model.ChangeCapture#FORM} is another one, too.
     */
    enum Extreme {
        /** LSN of a full snapshot. */
        SNAPSHOT_LSN(true),
        /** When a row of a full snapshot was told, in milliseconds of the connector's clock, and its LSN. */
        SNAPSHOT_TOLD(true),
        /** When a change of a transaction was told, likewise. */
        CHANGE_TOLD(false),
        /** When the first transaction was committed, in microseconds of the database's clock. */
        FIRST_EARLIEST(false),
        FIRST_LATEST(true),
        /** LSN of the last commit before a change of a later transaction, and when that was committed. */
        LEAST_COMMIT(false),
        GREATEST_COMMIT(true),
        /** When a later transaction was committed. */
        EARLIEST(false),
        LATEST(true),
        /** 1: a floor is known. */
        FLOOR(true);

        private final boolean greatest;

        Extreme(boolean greatest) {
            this.greatest = greatest;
        }

        /** Whether it is the greatest, and not the least. */
        boolean isGreatest() {
            return greatest;
        }

        private Place of(Place one, Place other) {
            return one.compareTo(other) > 0 == greatest ? one : other;
        }
    }

    /**
     * Of what there is a least and a greatest.
     *
     * @param more decides between equal ones; 0 where there is no more
     */
    record Place(long value, long more) implements Comparable<Place> {
        @Override
        public int compareTo(Place other) {
            return value == other.value ? Long.compare(more, other.more) : Long.compare(value, other.value);
        }
    }

    /**
     * What can't be of one log.
     *
     * @param problem what the source of the epoch has done; no full stop
     */
    record Fault(int epoch, String problem) {}

    private final Map<Integer, Map<Extreme, Place>> epochs = new TreeMap<>();

    /** The logs of which {@link #text} has told. */
    static SourceLogs parse(String text) {
        SourceLogs logs = new SourceLogs();
        Arrays.stream(text.split(BETWEEN)).filter(known -> !known.isEmpty()).forEach(known -> {
            String[] parts = known.split(":");
            Place place = new Place(Long.parseLong(parts[2]), Long.parseLong(parts[3]));
            logs.add(Integer.parseInt(parts[0]), Extreme.valueOf(parts[1]), place);
        });
        return logs;
    }

    /** Adds what a change, or several, say of an epoch. */
    void add(int epoch, Extreme extreme, Place place) {
        epochs.computeIfAbsent(epoch, number -> new EnumMap<>(Extreme.class)).merge(extreme, place, extreme::of);
    }

    void add(SourceLogs others) {
        others.epochs.forEach((epoch, places) -> places.forEach((extreme, place) -> add(epoch, extreme, place)));
    }

    /** All that is known, in a form that {@link #parse} reads; equal if and only if the same is known. */
    String text() {
        return epochs.entrySet().stream()
                .flatMap(epoch -> epoch.getValue().entrySet().stream()
                        .map(known -> epoch.getKey() + ":" + known.getKey() + ":"
                                + known.getValue().value() + ":"
                                + known.getValue().more()))
                .collect(Collectors.joining(BETWEEN));
    }

    /** The last epoch of which something is told; -1: none. */
    int lastEpoch() {
        return epochs.keySet().stream().mapToInt(epoch -> epoch).max().orElse(-1);
    }

    /** What the changes contradict; of epochs before one that has a floor, nothing is left that could be wrong. */
    Optional<Fault> fault() {
        int from = epochs.entrySet().stream()
                .filter(epoch -> epoch.getValue().containsKey(Extreme.FLOOR))
                .mapToInt(Map.Entry::getKey)
                .max()
                .orElse(0);
        return epochs.entrySet().stream()
                .filter(epoch -> epoch.getKey() >= from)
                .flatMap(epoch -> problem(epoch.getValue()).map(text -> new Fault(epoch.getKey(), text)).stream())
                .findFirst();
    }

    private static Optional<String> problem(Map<Extreme, Place> log) {
        return againstSnapshots(log).or(() -> ofTransactions(log));
    }

    private static Optional<String> againstSnapshots(Map<Extreme, Place> log) {
        Optional<Place> lsn = of(log, Extreme.SNAPSHOT_LSN);
        Optional<Place> told = of(log, Extreme.SNAPSHOT_TOLD);
        Optional<Place> change = of(log, Extreme.CHANGE_TOLD);
        Optional<Place> commit = of(log, Extreme.LEAST_COMMIT);
        if (told.isPresent()
                && change.isPresent()
                && told.get().value() > change.get().value()) {
            return Optional.of(
                    "has taken a new snapshot, at LSN " + told.get().more() + ", after it had told changes" + WORKERS);
        }
        // Where it is known when they were told, that has decided: a connector that starts again within the first
        // transaction takes the place up to which it had read for the last commit, which may lie before the snapshot.
        if ((told.isEmpty() || change.isEmpty())
                && lsn.isPresent()
                && commit.isPresent()
                && lsn.get().value() > commit.get().value()) {
            return Optional.of(
                    "has a snapshot at LSN " + lsn.get().value() + " and changes behind an earlier commit, at LSN "
                            + commit.get().value());
        }
        if (told.isPresent()
                && lsn.isPresent()
                && lsn.get().value() > told.get().more()) {
            return Optional.of("has taken a new snapshot, at LSN " + told.get().more()
                    + ", after one at the greater LSN " + lsn.get().value() + WORKERS);
        }
        return Optional.empty();
    }

    private static Optional<String> ofTransactions(Map<Extreme, Place> log) {
        Optional<Place> first = of(log, Extreme.FIRST_LATEST);
        Optional<Place> earliest = of(log, Extreme.EARLIEST);
        boolean twice = !first.equals(of(log, Extreme.FIRST_EARLIEST));
        boolean late = first.isPresent()
                && earliest.isPresent()
                && first.get().value() - CLOCKS > earliest.get().value();
        if (twice || late) {
            return Optional.of("has begun once more to tell changes, without the place where it was before");
        }
        Optional<Place> least = of(log, Extreme.LEAST_COMMIT);
        boolean begins = least.isPresent()
                && least.get().more() - CLOCKS > earliest.orElseThrow().value();
        boolean ends = least.isPresent()
                && of(log, Extreme.GREATEST_COMMIT).orElseThrow().more() + CLOCKS
                        < of(log, Extreme.LATEST).orElseThrow().value();
        return begins || ends
                ? Optional.of(
                        "has told later changes at smaller LSNs, which are of another log (or the database's clock was"
                                + " set; compare with ./lake reconcile first)")
                : Optional.empty();
    }

    private static Optional<Place> of(Map<Extreme, Place> log, Extreme extreme) {
        return Optional.ofNullable(log.get(extreme));
    }
}
