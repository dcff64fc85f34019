package dev.igarape.jobs.landing.files;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HexFormat;
import org.apache.hadoop.fs.Path;

/**
 * A file that lies where a landing looks.
 *
 * @param date the day that its rows belong to
 */
record FoundFile(Path path, long length, Instant modified, LocalDate date) {
    /** What it is called in the ledger and in the column {@code file}. */
    String name() {
        return path.toUri().getPath();
    }

    /** The second partition value of its rows, the same for all its versions. */
    String batch() {
        return Sha256.of(name().getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    }

    /** Tells its versions apart without reading it; followed by {@link #identity}. */
    String stamp() {
        return length + " " + modified.toEpochMilli() + " ";
    }

    /** Tells its versions apart for good. */
    String identity(byte[] digest) {
        return stamp() + HexFormat.of().formatHex(digest);
    }
}
