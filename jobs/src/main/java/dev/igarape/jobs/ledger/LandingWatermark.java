package dev.igarape.jobs.ledger;

import dev.igarape.jobs.storage.AtomicFiles;
import dev.igarape.model.TableName;
import dev.igarape.model.targets.Target;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * The moment of which a landing's commits hold all that its source had: for a topic, every partition up to the end offset
 * of that moment. It claims arrival only: rows of any date may come later.
 *
 * <p>An empty file in {@code _arrived} of the table's ledger, whose name is the moment in milliseconds since 1970, with
 * 15 digits; the latest counts. So a landing that finds nothing new can tell so without a commit.
 */
public final class LandingWatermark {
    private static final String NAME = "[0-9]{15}";

    private final AtomicFiles files;

    public LandingWatermark(Target target, Configuration hadoop, TableName table) throws IOException {
        this.files = new AtomicFiles(hadoop, new Path(target.ledgerFolder(table), "_arrived"));
    }

    /**
     * Puts a moment on record; the commits that it speaks of must stand.
     *
     * @param asked before the source was asked what it has
     */
    public void record(Instant asked) throws IOException {
        List<String> before = names();
        String name = String.format("%015d", asked.toEpochMilli());
        files.create(name, new byte[0]);
        for (String old : before) {
            if (old.compareTo(name) < 0) {
                files.delete(old);
            }
        }
    }

    /** The latest moment on record; empty before the first. */
    public Optional<Instant> latest() throws IOException {
        return names().stream().max(String::compareTo).map(name -> Instant.ofEpochMilli(Long.parseLong(name)));
    }

    private List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        for (String name : files.names()) {
            if (name.matches(NAME)) {
                names.add(name);
            }
        }
        return names;
    }
}
