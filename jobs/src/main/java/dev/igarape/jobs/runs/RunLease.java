package dev.igarape.jobs.runs;

import com.fasterxml.jackson.core.JacksonException;
import dev.igarape.jobs.lake.Caller;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.storage.AtomicFiles;
import dev.igarape.model.Json;
import dev.igarape.model.TableName;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lease of a run on dates of a table, renewed as a heartbeat while the run is alive. The planner reads it to see which
 * dates are being built, and cleanup to find runs that died. It is not a lock: if two runs build the same date, the
 * ledger decides.
 *
 * <p>A file {@code <expiry in milliseconds since 1970, 15 digits>.<id of the run>} in {@code _running} of the table's
 * ledger, with a {@link StartedRun} as JSON. The machines' clocks must agree to within the expiry time of two minutes.
 */
public final class RunLease implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunLease.class);
    private static final Duration EXPIRY = Duration.ofMinutes(2);
    /** Of an expiry by a clock that was wrong. */
    private static final Duration FAR_AHEAD = Duration.ofHours(1);

    private static final Duration RENEWAL = Duration.ofSeconds(40);
    private static final Pattern NAME = Pattern.compile("([0-9]{15})\\.([0-9a-f-]{36})");

    private final AtomicFiles files;
    private final Clock clock;
    private final Caller caller;
    private final String id;
    private final byte[] content;
    private final ScheduledExecutorService renewal = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "run-lease");
        thread.setDaemon(true);
        return thread;
    });
    private String name;

    /**
     * A run whose lease has expired, because it was killed or hangs.
     *
     * @param seenAt when it last renewed its lease
     */
    public record DeadRun(StartedRun run, Instant seenAt) {}

    private RunLease(AtomicFiles files, Lake lake, StartedRun run) throws IOException {
        this.files = files;
        this.clock = lake.clock();
        this.caller = lake.caller();
        this.id = run.id();
        this.content = Json.mapper().writeValueAsBytes(run);
        this.name = create();
    }

    /** Creates a lease and renews it until it is closed. */
    public static RunLease declare(Lake lake, StartedRun run) throws IOException {
        RunLease lease = new RunLease(files(lake, run.table()), lake, run);
        lease.renewal.scheduleWithFixedDelay(
                lease::renew, RENEWAL.toMillis(), RENEWAL.toMillis(), TimeUnit.MILLISECONDS);
        return lease;
    }

    /** Ids of the runs that are building dates of the table, by date. */
    public static Map<LocalDate, String> running(Lake lake, TableName table) throws IOException {
        AtomicFiles files = files(lake, table);
        Map<LocalDate, String> running = new HashMap<>();
        Instant now = lake.clock().instant();
        for (String name : files.names()) {
            if (NAME.matcher(name).matches() && isHeld(expiry(name), now)) {
                read(files, name).ifPresent(run -> run.dates().forEach(date -> running.put(date, run.runId())));
            }
        }
        return running;
    }

    /**
     * Whether its run may live. By a clock that is far ahead, or was before it was set back, a dead one would hold its dates for
     * as long; two runs at once do no harm.
     */
    private static boolean isHeld(Instant expiry, Instant now) {
        return expiry.isAfter(now) && !expiry.isAfter(now.plus(FAR_AHEAD));
    }

    /** Runs of a table whose leases have expired and were not removed yet. */
    public static List<DeadRun> deadRuns(Lake lake, TableName table) throws IOException {
        AtomicFiles files = files(lake, table);
        List<DeadRun> dead = new ArrayList<>();
        for (TreeSet<String> names : byRun(files).values()) {
            // A run has two lease files for a moment while it renews.
            String newest = names.last();
            if (expiry(newest).isBefore(lake.clock().instant())) {
                Instant renewed = expiry(newest).minus(EXPIRY);
                read(files, newest).ifPresent(run -> dead.add(new DeadRun(run, renewed)));
            }
        }
        return dead;
    }

    /** Removes a dead run's lease files. */
    public static void remove(Lake lake, DeadRun dead) throws IOException {
        AtomicFiles files = files(lake, dead.run().table());
        for (String name : byRun(files).getOrDefault(dead.run().id(), new TreeSet<>())) {
            // The run may have renewed its lease meanwhile.
            if (!expiry(name).minus(EXPIRY).isAfter(dead.seenAt())) {
                files.delete(name);
            }
        }
    }

    private static AtomicFiles files(Lake lake, TableName table) throws IOException {
        return new AtomicFiles(lake.hadoop(), new Path(lake.target().ledgerFolder(table), "_running"));
    }

    /** Lease file names by run id, ordered by expiry. */
    private static Map<String, TreeSet<String>> byRun(AtomicFiles files) throws IOException {
        Map<String, TreeSet<String>> names = new TreeMap<>();
        for (String name : files.names()) {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches()) {
                names.computeIfAbsent(matcher.group(2), id -> new TreeSet<>()).add(name);
            }
        }
        return names;
    }

    private static Instant expiry(String name) {
        return Instant.ofEpochMilli(Long.parseLong(name.substring(0, name.indexOf('.'))));
    }

    /** Reads a lease; empty if it was removed or renewed since it was listed. */
    private static Optional<StartedRun> read(AtomicFiles files, String name) throws IOException {
        try {
            return Optional.of(Json.mapper().readValue(files.read(name), StartedRun.class));
        } catch (FileNotFoundException e) {
            return Optional.empty();
        } catch (JacksonException e) {
            LOG.warn("Nobody can read {}/{}: {}. Delete it", files.folder(), name, e.getOriginalMessage());
            return Optional.empty();
        }
    }

    private String create() throws IOException {
        String fresh = String.format("%015d.%s", clock.instant().plus(EXPIRY).toEpochMilli(), id);
        files.create(fresh, content);
        return fresh;
    }

    private synchronized void renew() {
        if (!caller.isWaiting()) {
            // A cancelled run that does not end must not keep its dates from others.
            return;
        }
        try {
            String old = name;
            name = create();
            if (!old.equals(name)) {
                files.delete(old);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("The lease of this run was not renewed; others may take it for dead", e);
        }
    }

    @Override
    public void close() {
        renewal.shutdownNow();
        remove();
    }

    private synchronized void remove() {
        try {
            files.delete(name);
        } catch (IOException e) {
            LOG.warn("The lease of this run stays until it expires", e);
        }
    }
}
