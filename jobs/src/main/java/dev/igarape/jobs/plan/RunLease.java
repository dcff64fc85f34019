package dev.igarape.jobs.plan;

import com.fasterxml.jackson.core.JacksonException;
import dev.igarape.jobs.Lake;
import dev.igarape.jobs.storage.AtomicFiles;
import dev.igarape.model.Json;
import dev.igarape.model.TableName;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A run's word that it is at work on dates of a table, for those who plan. It is renewed while the run lives, so that of
 * a run that was killed it expires. It keeps nobody from building the same dates: the ledger settles that.
 *
 * <p>A file {@code <expiry in milliseconds since 1970, 15 digits>.<id>} in {@code _running} of the table's ledger.
 */
public final class RunLease implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(RunLease.class);
    private static final Duration EXPIRY = Duration.ofMinutes(2);
    private static final Duration RENEWAL = Duration.ofSeconds(40);
    private static final Pattern NAME = Pattern.compile("([0-9]{15})\\.[0-9a-f-]{36}");

    private final AtomicFiles files;
    private final Clock clock;
    private final String id = UUID.randomUUID().toString();
    private final byte[] content;
    private final ScheduledExecutorService renewal = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "run-lease");
        thread.setDaemon(true);
        return thread;
    });
    private String name;

    /** What a lease's file says. */
    record Declared(String runId, List<LocalDate> dates) {}

    private RunLease(AtomicFiles files, Clock clock, Declared declared) throws IOException {
        this.files = files;
        this.clock = clock;
        this.content = Json.mapper().writeValueAsBytes(declared);
        this.name = create();
    }

    /** Declares that this run is at work on these dates, until it is closed. */
    public static RunLease declare(Lake lake, TableName table, List<LocalDate> dates) throws IOException {
        AtomicFiles files = files(lake, table);
        for (String old : files.names()) {
            if (isOver(old, lake.clock().instant())) {
                files.delete(old);
            }
        }
        RunLease lease = new RunLease(files, lake.clock(), new Declared(lake.runId(), dates));
        lease.renewal.scheduleWithFixedDelay(
                lease::renew, RENEWAL.toMillis(), RENEWAL.toMillis(), TimeUnit.MILLISECONDS);
        return lease;
    }

    /** The run that is at work on each date of the table. */
    static Map<LocalDate, String> running(Lake lake, TableName table) throws IOException {
        AtomicFiles files = files(lake, table);
        Map<LocalDate, String> running = new HashMap<>();
        for (String name : files.names()) {
            if (NAME.matcher(name).matches() && !isOver(name, lake.clock().instant())) {
                try {
                    Declared declared = Json.mapper().readValue(files.read(name), Declared.class);
                    declared.dates().forEach(date -> running.put(date, declared.runId()));
                } catch (FileNotFoundException | JacksonException e) {
                    // It ended, or was renewed, since we listed: what is judged is only a moment's state.
                    LOG.debug("{} is gone", name, e);
                }
            }
        }
        return running;
    }

    private static AtomicFiles files(Lake lake, TableName table) throws IOException {
        return new AtomicFiles(lake.hadoop(), new Path(lake.target().ledger(table), "_running"));
    }

    private static boolean isOver(String name, Instant now) {
        Matcher matcher = NAME.matcher(name);
        return matcher.matches() && Long.parseLong(matcher.group(1)) < now.toEpochMilli();
    }

    private String create() throws IOException {
        String fresh = String.format("%015d.%s", clock.instant().plus(EXPIRY).toEpochMilli(), id);
        files.create(fresh, content);
        return fresh;
    }

    private synchronized void renew() {
        try {
            String old = name;
            name = create();
            if (!old.equals(name)) {
                files.delete(old);
            }
        } catch (IOException | RuntimeException e) {
            LOG.warn("The lease of this run was not renewed; plans may take it for dead", e);
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
