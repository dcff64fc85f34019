package dev.igarape.jobs.keyed;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/**
 * A table of a database that changes, and what Debezium tells of it: transactions beside each other, a snapshot in which one is
 * open, large values that an update leaves out, other keys, truncations, and a database that is lost and built anew, of which
 * nothing is told in between.
 */
final class ChangedShop {
    /** A note that is null, as {@link CaptureLake#rows} has it. */
    private static final String UNKNOWN = "-";
    /** Stands for any change that tells no key. */
    private static final String NOBODY = "";

    private final Random random;
    private final Map<String, Row> rows = new TreeMap<>();
    /** The rows of which all has been told. */
    private final Map<String, Row> told = new TreeMap<>();

    private final Map<String, Version> open = new TreeMap<>();
    private final List<String> closed = new ArrayList<>();
    private final List<String> envelopes = new ArrayList<>();
    private long lsn = 1_000;
    private long millis = 1_704_103_200_000L;
    private String commit = "null";
    /** When the connector has told the last change, by its own clock. */
    private long toldAt = 1_704_100_000_000L;

    private String source = "";

    ChangedShop(long seed) {
        this.random = new Random(seed);
    }

    private record Row(String name, String note) {}

    private record Version(Row row, long from) {}

    /** A change of a transaction. */
    private record Change(String op, String key, Optional<Row> row, boolean keepsNote, long lsn) {}

    /** All envelopes, in the order in which they were told. */
    List<String> envelopes() {
        return envelopes;
    }

    /** The rows of the database as {@code id name note}. */
    List<String> rows() {
        List<String> lines = new ArrayList<>();
        rows.forEach((id, row) -> lines.add(id + " " + row.name() + " " + row.note()));
        return lines;
    }

    /** What held when, as {@code id name note from to}, in milliseconds. */
    List<String> versions() {
        List<String> lines = new ArrayList<>(closed);
        open.forEach((id, version) -> lines.add(line(id, version, "now")));
        Collections.sort(lines);
        return lines;
    }

    private static String line(String id, Version version, String to) {
        return id + " " + version.row().name() + " " + version.row().note() + " " + version.from() + " " + to;
    }

    /** A source begins, with so many rows; a transaction is open while its snapshot is taken. */
    ChangedShop begin(String name, long firstLsn, int keys) {
        beginLog(name, firstLsn, keys);
        return snapshot();
    }

    /**
     * A source begins, with so many rows, and its connector dies once all of them are told, before that is on record. It reads them
     * once more, dies within, and reads them again. Of changes in between nothing is told.
     */
    ChangedShop beginAgainAndAgain(String name, long firstLsn, int keys) {
        beginLog(name, firstLsn, keys);
        told.clear();
        told.putAll(rows);
        tellRows(List.copyOf(told.entrySet()), true);
        millis += 5;
        observe(millis);
        lose(10);
        List<Map.Entry<String, Row>> half = List.copyOf(rows.entrySet()).subList(0, rows.size() / 2);
        half.forEach(row -> told.put(row.getKey(), row.getValue()));
        tellRows(half, false);
        millis += 5;
        observe(millis);
        lose(10);
        return snapshot();
    }

    private void beginLog(String name, long firstLsn, int keys) {
        source = name;
        lsn = firstLsn;
        commit = "null";
        for (int i = 0; i < keys; i++) {
            change(new Random(random.nextLong()));
        }
    }

    private ChangedShop snapshot() {
        told.clear();
        told.putAll(rows);
        List<Change> openOnes = transaction(3);
        tellRows(List.copyOf(told.entrySet()), true);
        // It commits before the rows are read, and the snapshot does not see it.
        millis += 4;
        tell(openOnes);
        millis += 1;
        observe(millis);
        return this;
    }

    /** Rows of a snapshot, all of them or the first ones. */
    private void tellRows(List<Map.Entry<String, Row>> read, boolean whole) {
        long at = next();
        int left = read.size();
        for (Map.Entry<String, Row> row : read) {
            left--;
            Change change = new Change("r", row.getKey(), Optional.of(row.getValue()), false, at);
            envelopes.add(
                    envelope(change, "[null,\"%d\"]".formatted(at), millis + 5, whole && left == 0 ? "last" : "true"));
        }
    }

    /** Transactions, two at a time. */
    ChangedShop run(int transactions) {
        for (int i = 0; i < transactions; i++) {
            if (random.nextInt(60) == 0) {
                rows.clear();
                millis += 1_000;
                tell(List.of(new Change("t", NOBODY, Optional.empty(), false, next())));
                observe(millis);
            }
            List<Change> one = transaction(3);
            List<Change> other = transaction(3);
            boolean apart = one.stream()
                    .noneMatch(change -> other.stream().anyMatch(o -> o.key().equals(change.key())));
            millis += 1_000;
            // Each change has its place in the log as it happens, each transaction as it commits.
            if (apart && random.nextBoolean()) {
                tell(other);
                observe(millis);
                millis += 1_000;
                tell(one);
            } else {
                tell(one);
                observe(millis);
                millis += 1_000;
                tell(other);
            }
            observe(millis);
        }
        return this;
    }

    /** Changes of which nothing is told. */
    ChangedShop lose(int changes) {
        for (int i = 0; i < changes; i++) {
            change(random);
        }
        millis += 60_000;
        return this;
    }

    private List<Change> transaction(int most) {
        List<Change> changes = new ArrayList<>();
        for (int i = 0; i <= random.nextInt(most); i++) {
            changes.addAll(change(random));
        }
        return changes;
    }

    private List<Change> change(Random chance) {
        String key = "k" + chance.nextInt(40);
        Row row = rows.get(key);
        if (row == null) {
            Row born = new Row("n" + chance.nextInt(3), "large" + chance.nextInt(1000));
            rows.put(key, born);
            return List.of(new Change("c", key, Optional.of(born), false, next()));
        }
        if (chance.nextInt(5) == 0) {
            rows.remove(key);
            return List.of(new Change("d", key, Optional.empty(), false, next()));
        }
        String other = "k" + chance.nextInt(40);
        if (chance.nextInt(6) == 0 && !rows.containsKey(other)) {
            // What the other key's row had before, if it had one, is another row's.
            boolean untold = chance.nextBoolean();
            Row moved = untold ? new Row(row.name(), UNKNOWN) : row;
            rows.remove(key);
            rows.put(other, moved);
            long place = next();
            return List.of(
                    new Change("d", key, Optional.empty(), false, place),
                    new Change("c", other, Optional.of(moved), untold, place));
        }
        boolean keeps = chance.nextInt(3) > 0;
        Row changed = new Row("n" + chance.nextInt(3), keeps ? row.note() : "large" + chance.nextInt(1000));
        rows.put(key, changed);
        return List.of(new Change("u", key, Optional.of(changed), keeps, next()));
    }

    private void tell(List<Change> changes) {
        for (Change change : changes) {
            envelopes.add(envelope(change, "[%s,\"%d\"]".formatted(commit, change.lsn()), millis, "false"));
            if (change.op().equals("t")) {
                told.clear();
            }
            told.remove(change.key());
            change.row().ifPresent(row -> told.put(change.key(), row));
        }
        commit = "\"" + next() + "\"";
    }

    /** What held until now, and what holds from now on. */
    private void observe(long now) {
        open.entrySet().removeIf(version -> {
            boolean ends = !version.getValue().row().equals(told.get(version.getKey()));
            if (ends) {
                closed.add(line(version.getKey(), version.getValue(), String.valueOf(now)));
            }
            return ends;
        });
        told.forEach((id, row) -> open.putIfAbsent(id, new Version(row, now)));
    }

    private long next() {
        lsn += 8;
        return lsn;
    }

    private String envelope(Change change, String sequence, long at, String snapshot) {
        String id = change.key();
        String after = change.row()
                .map(row -> columns(id, row.name(), change.keepsNote() ? Envelopes.UNAVAILABLE : row.note()))
                .orElse("null");
        return "{\"op\":\"%s\",\"before\":%s,\"after\":%s,\"source\":{\"name\":\"%s\",\"sequence\":\"%s\",\"lsn\":%d,\"ts_ms\":%d,\"snapshot\":\"%s\"},\"ts_ms\":%d}"
                .formatted(
                        change.op(),
                        change.op().equals("d") ? columns(id, "", "") : "null",
                        after,
                        source,
                        sequence.replace("\"", "\\\""),
                        change.lsn(),
                        at,
                        snapshot,
                        toldAt++);
    }

    private static String columns(String id, String name, String note) {
        String value = note.equals(UNKNOWN) ? "null" : "\"" + note + "\"";
        return "{\"id\":\"%s\",\"name\":\"%s\",\"note\":%s}".formatted(id, name, value);
    }

    /** The envelopes in some order, some of them twice, in so many parts. */
    static List<List<String>> shuffled(List<String> envelopes, int parts, Random random) {
        List<List<String>> steps = new ArrayList<>();
        for (int step = 0; step < parts; step++) {
            steps.add(new ArrayList<>());
        }
        for (String envelope : envelopes) {
            steps.get(random.nextInt(parts)).add(envelope);
            if (random.nextInt(5) == 0) {
                steps.get(random.nextInt(parts)).add(envelope);
            }
        }
        steps.forEach(step -> Collections.shuffle(step, random));
        return steps;
    }
}
