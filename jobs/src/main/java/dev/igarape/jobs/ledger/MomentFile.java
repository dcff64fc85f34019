package dev.igarape.jobs.ledger;

import dev.igarape.jobs.storage.AtomicFiles;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A moment on record in a folder: an empty file whose name is the moment in milliseconds since 1970, with 15 digits; the
 * latest counts.
 */
public final class MomentFile {
    private static final String NAME = "[0-9]{15}";
    /** What is further ahead than this is of a clock that was wrong. */
    private static final Duration CLOCKS_AGREE = Duration.ofDays(1);

    private final AtomicFiles files;

    public MomentFile(Configuration hadoop, Path folder) throws IOException {
        this.files = new AtomicFiles(hadoop, folder);
    }

    /** Puts a moment on record; one that is more than a day later gives way to it. */
    public void record(Instant moment) throws IOException {
        List<String> before = names();
        String name = name(moment);
        String wrong = name(moment.plus(CLOCKS_AGREE));
        files.create(name, new byte[0]);
        for (String old : before) {
            if (old.compareTo(name) < 0 || old.compareTo(wrong) > 0) {
                files.delete(old);
            }
        }
    }

    private static String name(Instant moment) {
        return String.format("%015d", moment.toEpochMilli());
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
