package dev.igarape.jobs.landing.files;

import dev.igarape.jobs.ledger.Consumed;
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

    /** Whether length and time are those of a version, so that it need not be read to know that it is the same. */
    boolean looksLike(Consumed.FileVersion version) {
        return version.length() == length && version.modified().equals(modified);
    }

    /** Its version, if these bytes are the SHA-256 of its content. */
    Consumed.FileVersion version(byte[] digest) {
        return new Consumed.FileVersion(length, modified, HexFormat.of().formatHex(digest));
    }
}
