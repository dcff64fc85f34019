package dev.igarape.jobs.landing.files.folders;

import dev.igarape.jobs.ledger.Consumed;
import dev.igarape.jobs.storage.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HexFormat;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/**
 * A file that matches a landing's path.
 *
 * @param date the date of its rows
 * @param captured whose events it holds, if it is a capture
 */
public record FoundFile(
        Path path, long length, Instant modified, LocalDate date, Optional<EventHubPartition> captured) {
    /** Its name in the ledger and in the column {@code file}. */
    public String name() {
        return path.toUri().getPath();
    }

    /** The batch partition of its rows, the same for all its versions. */
    public String batch() {
        return Sha256.of(name().getBytes(StandardCharsets.UTF_8)).substring(0, 16);
    }

    /** Whether length and time are those of a version, so that it need not be read to know that it is the same. */
    public boolean looksLike(Consumed.FileVersion version) {
        return version.length() == length && version.modified().equals(modified);
    }

    /** Opens its bytes. */
    public InputStream open(Configuration hadoop) throws IOException {
        return path.getFileSystem(hadoop).open(path);
    }

    /** Its version, if these bytes are the SHA-256 of its content. */
    public Consumed.FileVersion version(byte[] digest) {
        return new Consumed.FileVersion(length, modified, HexFormat.of().formatHex(digest));
    }
}
