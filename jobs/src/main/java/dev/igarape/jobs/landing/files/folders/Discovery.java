package dev.igarape.jobs.landing.files.folders;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.MomentFile;
import dev.igarape.jobs.storage.Sha256;
import dev.igarape.model.Source;
import dev.igarape.model.TableName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/**
 * Says which folders a landing looks into: those since a low-water mark, so that a year of folders makes no run slower, and
 * once a day all of them, so that nothing that was put into an old one is missed.
 *
 * <p>The low-water mark is the newest landed date, without those to come, less the overlap.
 */
public final class Discovery {
    private static final Duration BETWEEN_FULL = Duration.ofDays(1);
    private static final int HASH = 16;

    private final Lake lake;
    private final ZoneId timezone;
    private final Source.Files source;
    private final Path lastFull;

    public Discovery(Lake lake, TableName table, ZoneId timezone, Source.Files source) {
        this.lake = lake;
        this.timezone = timezone;
        this.source = source;
        // Another path is another source, of which nothing was looked into yet.
        String path = Sha256.of(lake.expand(source.path()).getBytes(StandardCharsets.UTF_8))
                .substring(0, HASH);
        this.lastFull = new Path(lake.target().ledgerFolder(table), "_listed_" + path);
    }

    /**
     * What a run looks into.
     *
     * @param dates that were asked for, whose folders are looked into in any case
     */
    public Reach reach(LedgerState state, Collection<LocalDate> dates) throws IOException {
        Instant now = lake.clock().instant();
        Optional<LocalDate> newest = state.partitionedDates().stream().max(LocalDate::compareTo);
        boolean full = lastFull()
                .latest()
                // A moment that is still to come says nothing: a clock was wrong.
                .map(moment -> !now.isBefore(moment.plus(BETWEEN_FULL)) || moment.isAfter(now.plus(BETWEEN_FULL)))
                .orElse(true);
        return full || newest.isEmpty() ? Reach.ALL : Reach.since(lowWater(newest.get()), dates);
    }

    /** The date from which on folders are looked into, where this is the newest. */
    public LocalDate lowWater(LocalDate newest) {
        LocalDate today = LocalDate.ofInstant(lake.clock().instant(), timezone);
        return (newest.isAfter(today) ? today : newest).minusDays(source.daysOfOverlap());
    }

    /**
     * Puts on record that everything within reach was landed or told of.
     *
     * @param asked before the folders were looked into
     */
    public void done(Reach reach, Instant asked) throws IOException {
        if (reach.isAll()) {
            lastFull().record(asked);
        }
    }

    private MomentFile lastFull() throws IOException {
        return new MomentFile(lake.hadoop(), lastFull);
    }
}
