package dev.igarape.jobs.landing.files;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HexFormat;
import org.apache.hadoop.fs.Path;

/**
 * A file that matches a landing's path.
 *
 * @param date the date of its rows
 */
record FoundFile(Path path, long length, Instant modified, LocalDate date) {
    /** Its name in the ledger and in the column {@code file}. */
    String name() {
        return path.toUri().getPath();
    }

    /** The batch partition of its rows, the same for all its versions. */
    String batch() {
        return Sha256.of(name().getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    }

    /** Size and modification time, which identify a version without reading the file; a prefix of {@link #identity}. */
    String stamp() {
        return length + " " + modified.toEpochMilli() + " ";
    }

    /** Identifies a version by its content as well. */
    String identity(byte[] digest) {
        return stamp() + HexFormat.of().formatHex(digest);
    }
}
