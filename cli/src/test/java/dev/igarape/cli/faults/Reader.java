package dev.igarape.cli.faults;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks Trino for a table's rows by folder, over and over. What it saw is judged later: each answer must show, of each
 * date, exactly one version with as many rows as its commit says (of a landing: whole batches, none of which may be gone
 * but for those that were compacted, and never fewer rows than before).
 */
final class Reader implements AutoCloseable {
    private final FaultLake lake;
    private final List<String> tables;
    private final Duration pause;
    private final ConcurrentLinkedQueue<Sight> sights = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
    /** What was there when a table was looked at last: dates of a daily table, folders of a landing. */
    private final Map<String, Set<String>> shown = new HashMap<>();

    /** How many rows a landing showed when it was looked at last. */
    private final Map<String, Long> totals = new HashMap<>();

    private final AtomicBoolean outage = new AtomicBoolean();
    private final Thread thread = new Thread(this::poll, "reader");
    private volatile boolean closing;
    private long judged;

    /** Rows by folder that one query gave. */
    record Sight(String table, Map<String, Long> rows) {}

    /** @param pause between two rounds over the tables, which must exist */
    Reader(FaultLake lake, List<String> tables, Duration pause) {
        this.lake = lake;
        this.pause = pause;
        this.tables = List.copyOf(tables);
    }

    Reader start() {
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    /** Queries may fail that begin or end between now and {@link #settle}, because a server is killed. */
    void expectOutage() {
        outage.set(true);
    }

    void settle() {
        outage.set(false);
    }

    private void poll() {
        boolean excused = false;
        while (!closing) {
            try (Connection trino = lake.trino()) {
                while (!closing) {
                    for (String table : tables) {
                        // A query that has begun in an outage may fail when it is over.
                        excused = outage.get();
                        sights.add(look(trino, table));
                    }
                    LockSupport.parkNanos(pause.toNanos());
                }
            } catch (SQLException | IOException | RuntimeException e) {
                if (!closing && !excused && !outage.get()) {
                    failures.add(String.valueOf(e.getMessage()));
                }
                LockSupport.parkNanos(pause.toNanos());
            }
        }
    }

    static Sight look(Connection trino, String table) throws SQLException {
        String folder = table.replace('.', '/');
        Map<String, Long> rows = new TreeMap<>();
        try (Statement statement = trino.createStatement();
                ResultSet answer = statement.executeQuery(
                        "SELECT regexp_extract(\"$path\", '/%s/(.*)/[^/]+$', 1), count(*) FROM %s GROUP BY 1"
                                .formatted(folder, table))) {
            while (answer.next()) {
                rows.put(answer.getString(1), answer.getLong(2));
            }
        }
        return new Sight(table, rows);
    }

    /** Faults in what was seen since the last call, in words; the ledgers are read afresh. */
    List<String> faults(Ledgers ledgers) throws IOException, InterruptedException {
        List<String> faults = new ArrayList<>();
        for (String failure = failures.poll(); failure != null; failure = failures.poll()) {
            faults.add("a query failed: " + failure);
        }
        // The ledgers are read after all of these were taken, once.
        List<Sight> taken = new ArrayList<>();
        for (Sight sight = sights.poll(); sight != null; sight = sights.poll()) {
            taken.add(sight);
        }
        Map<String, Map<String, Long>> committed = new HashMap<>();
        for (Sight sight : taken) {
            if (!committed.containsKey(sight.table())) {
                committed.put(sight.table(), ledgers.rows(sight.table()));
            }
            judged++;
            judge(sight, committed.get(sight.table()), ledgers, faults);
        }
        return faults;
    }

    /** @param committed rows by folder of every commit to the table */
    private void judge(Sight sight, Map<String, Long> committed, Ledgers ledgers, List<String> faults)
            throws IOException, InterruptedException {
        boolean landing = sight.table().startsWith("raw.");
        Map<String, Set<String>> versions = new TreeMap<>();
        sight.rows().forEach((folder, rows) -> {
            Long expected = committed.get(folder);
            if (expected == null) {
                faults.add(sight.table() + " showed " + folder + ", which was never committed");
            } else if (!expected.equals(rows)) {
                faults.add(sight.table() + " showed " + rows + " of " + expected + " rows of " + folder);
            }
            String date = folder.replaceFirst(".*date=([0-9-]+).*", "$1");
            versions.computeIfAbsent(date, day -> new HashSet<>()).add(folder);
        });
        if (!landing) {
            versions.forEach((date, folders) -> {
                if (!ledgers.isVersion(sight.table(), date, folders)) {
                    faults.add(sight.table() + " showed " + date + " from " + folders
                            + ", which are not those of one commit");
                }
            });
        }
        Set<String> now = landing ? sight.rows().keySet() : versions.keySet();
        Set<String> gone = new HashSet<>(shown.getOrDefault(sight.table(), Set.of()));
        gone.removeAll(now);
        if (landing) {
            // Compaction moves rows elsewhere; whoever saw them in neither place, or in both, has seen their number
            // fall.
            if (!gone.isEmpty()) {
                gone.retainAll(ledgers.head(sight.table()));
            }
            long rows =
                    sight.rows().values().stream().mapToLong(Long::longValue).sum();
            Long before = totals.put(sight.table(), rows);
            if (before != null && rows < before) {
                faults.add(sight.table() + " showed " + rows + " rows after " + before);
            }
        }
        if (!gone.isEmpty()) {
            faults.add(sight.table() + " showed " + gone + " no more");
        }
        shown.put(sight.table(), new HashSet<>(now));
    }

    /** How many answers were judged. */
    long judged() {
        return judged;
    }

    @Override
    public void close() throws InterruptedException {
        closing = true;
        thread.join();
    }
}
