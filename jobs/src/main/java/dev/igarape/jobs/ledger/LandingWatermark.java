package dev.igarape.jobs.ledger;

import dev.igarape.model.TableName;
import dev.igarape.model.targets.Target;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The moment of which a landing's commits hold all that its source had: for a topic, every partition up to the end offset
 * of that moment. It claims arrival only: rows of any date may come later.
 *
 * <p>It stands in {@code _arrived} of the table's ledger, so that a landing that finds nothing new can tell so without a
 * commit.
 */
public final class LandingWatermark {
    private final MomentFile moment;

    public LandingWatermark(Target target, Configuration hadoop, TableName table) throws IOException {
        this.moment = new MomentFile(hadoop, new Path(target.ledgerFolder(table), "_arrived"));
    }

    /**
     * Puts a moment on record; the commits that it speaks of must stand.
     *
     * @param asked before the source was asked what it has
     */
    public void record(Instant asked) throws IOException {
        moment.record(asked);
    }

    /** The latest moment on record; empty before the first. */
    public Optional<Instant> latest() throws IOException {
        return moment.latest();
    }
}
