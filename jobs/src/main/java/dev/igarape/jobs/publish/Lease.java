package dev.igarape.jobs.publish;

import com.fasterxml.jackson.core.JacksonException;
import dev.igarape.jobs.storage.AtomicFiles;
import dev.igarape.model.Json;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The right to publish a table, held by one owner at a time, with an expiry.
 *
 * <p>Each holder creates the file {@code lease.<generation>} with the next number, which has one winner; it gives the
 * lease back by creating {@code lease.<generation>.released}. A generation that has expired may be followed by the
 * next. Generations only grow, so an owner can tell that it was followed. The clocks of the machines must agree to
 * within the expiry.
 */
final class Lease implements AutoCloseable {
    private static final Pattern NAME = Pattern.compile("lease\\.([0-9]{12})(\\.released)?");

    private final AtomicFiles files;
    private final long generation;

    private Lease(AtomicFiles files, long generation) {
        this.files = files;
        this.generation = generation;
    }

    /** What a lease file says. */
    record Holder(String owner, Instant acquiredAt, Instant expiresAt) {}

    /**
     * Waits until the lease is ours.
     *
     * @throws LakeException (UNAVAILABLE) if another holds it for longer than {@code patience}
     */
    static Lease acquire(AtomicFiles files, String owner, Clock clock, Duration expiry, Duration patience)
            throws IOException, InterruptedException {
        Instant start = clock.instant();
        while (true) {
            TreeMap<Long, Boolean> generations = generations(files);
            long top = generations.isEmpty() ? 0 : generations.lastKey();
            boolean free = top == 0 || generations.get(top) || expired(files, top, clock);
            if (free && take(files, top + 1, owner, clock, expiry)) {
                return new Lease(files, top + 1);
            }
            if (clock.instant().isAfter(start.plus(patience))) {
                throw new LakeException(
                        ExitCode.UNAVAILABLE,
                        "Cannot publish: another job has held " + files.folder() + "/" + name(top) + " for "
                                + patience.toSeconds() + " s. What is committed stays committed; run again, or run"
                                + " ./lake repair once that job has ended.");
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private static boolean take(AtomicFiles files, long generation, String owner, Clock clock, Duration expiry)
            throws IOException {
        Instant now = clock.instant();
        Holder holder = new Holder(owner, now, now.plus(expiry));
        if (!files.create(name(generation), Json.mapper().writeValueAsBytes(holder))) {
            return false;
        }
        // A taker that slept since it listed may have taken a number that was already followed and cleaned away.
        TreeMap<Long, Boolean> generations = generations(files);
        if (generations.lastKey() != generation) {
            files.delete(name(generation));
            return false;
        }
        for (long old : generations.headMap(generation).keySet()) {
            files.delete(name(old) + ".released");
            files.delete(name(old));
        }
        return true;
    }

    /** Whether this is still the newest generation. */
    boolean isHeld() throws IOException {
        return generations(files).lastKey() == generation;
    }

    @Override
    public void close() throws IOException {
        files.create(name(generation) + ".released", new byte[0]);
    }

    /** Generations by number; true where released. */
    private static TreeMap<Long, Boolean> generations(AtomicFiles files) throws IOException {
        TreeSet<Long> released = new TreeSet<>();
        TreeMap<Long, Boolean> generations = new TreeMap<>();
        for (String name : files.names()) {
            Matcher matcher = NAME.matcher(name);
            if (matcher.matches()) {
                long generation = Long.parseLong(matcher.group(1));
                generations.putIfAbsent(generation, false);
                if (matcher.group(2) != null) {
                    released.add(generation);
                }
            }
        }
        released.forEach(generation -> generations.put(generation, true));
        return generations;
    }

    private static boolean expired(AtomicFiles files, long generation, Clock clock) throws IOException {
        try {
            Holder holder = Json.mapper().readValue(files.read(name(generation)), Holder.class);
            return clock.instant().isAfter(holder.expiresAt());
        } catch (FileNotFoundException e) {
            return false;
        } catch (JacksonException e) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "Cannot read " + files.folder() + "/" + name(generation) + ": " + e.getOriginalMessage()
                            + ". Delete that file once no job is running.",
                    e);
        }
    }

    private static String name(long generation) {
        return String.format("lease.%012d", generation);
    }
}
