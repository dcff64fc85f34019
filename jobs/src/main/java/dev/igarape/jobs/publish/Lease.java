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
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * Lease for publishing a table: held by one owner at a time, with an expiry.
 *
 * <p>A holder creates the file {@code lease.<generation>} with the next number, which only one writer can do, and
 * releases the lease by creating {@code lease.<generation>.released}. When a generation has expired, the next one may
 * be taken. Generations only grow, one by one, so an owner can detect that it was replaced, and, later, that nobody has
 * held the lease since. The machines' clocks must agree to within the expiry; a lease that was taken an hour and more in the future
 * counts as expired.
 *
 * <p>The files are in a folder of their own: listing them is cheap however many commits the table has.
 */
final class Lease implements AutoCloseable {
    /** Of a lease by a clock that was wrong. */
    private static final Duration FAR_AHEAD = Duration.ofHours(1);

    private static final Pattern NAME = Pattern.compile("lease\\.([0-9]{12})(\\.released)?");

    private final AtomicFiles files;
    private final long generation;

    private Lease(AtomicFiles files, long generation) {
        this.files = files;
        this.generation = generation;
    }

    /** The folder of a table's leases. */
    static AtomicFiles folder(Configuration hadoop, String ledgerFolder) throws IOException {
        return new AtomicFiles(hadoop, new Path(ledgerFolder, "_lease"));
    }

    /** The newest generation, 0 where there is none, as long as nobody holds it: it is released or has expired. */
    static OptionalLong newestUnlessHeld(AtomicFiles files, Clock clock) throws IOException {
        TreeMap<Long, Boolean> generations = generations(files);
        long newest = generations.isEmpty() ? 0 : generations.lastKey();
        return isAvailable(files, generations, newest, clock) ? OptionalLong.of(newest) : OptionalLong.empty();
    }

    private static boolean isAvailable(AtomicFiles files, TreeMap<Long, Boolean> generations, long newest, Clock clock)
            throws IOException {
        return newest == 0 || generations.get(newest) || expired(files, newest, clock);
    }

    /** The number of this lease. */
    long generation() {
        return generation;
    }

    /** Content of a lease file. */
    record Holder(String owner, Instant acquiredAt, Instant expiresAt) {}

    /**
     * Waits for the lease.
     *
     * @throws LakeException (UNAVAILABLE) if another owner holds it for longer than {@code patience}
     */
    static Lease acquire(AtomicFiles files, String owner, Clock clock, Duration expiry, Duration patience)
            throws IOException, InterruptedException {
        Instant start = clock.instant();
        while (true) {
            TreeMap<Long, Boolean> generations = generations(files);
            long newest = generations.isEmpty() ? 0 : generations.lastKey();
            if (isAvailable(files, generations, newest, clock) && tryCreate(files, newest + 1, owner, clock, expiry)) {
                return new Lease(files, newest + 1);
            }
            if (clock.instant().isAfter(start.plus(patience))) {
                throw new LakeException(
                        ExitCode.UNAVAILABLE,
                        "Cannot publish: another job has held " + files.folder() + "/" + name(newest) + " for "
                                + patience.toSeconds() + " s. What is committed stays committed; run again, or run"
                                + " ./lake repair once that job has ended.");
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private static boolean tryCreate(AtomicFiles files, long generation, String owner, Clock clock, Duration expiry)
            throws IOException {
        Instant now = clock.instant();
        Holder holder = new Holder(owner, now, now.plus(expiry));
        if (!files.create(name(generation), Json.mapper().writeValueAsBytes(holder))) {
            return false;
        }
        // After a pause since the listing, the number may be outdated: later generations exist and it was deleted.
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

    /** Generations by number; true if released. */
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
            Instant now = clock.instant();
            // A clock that was far ahead is not waited for: the holder can tell that it was replaced.
            return now.isAfter(holder.expiresAt()) || holder.acquiredAt().isAfter(now.plus(FAR_AHEAD));
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
