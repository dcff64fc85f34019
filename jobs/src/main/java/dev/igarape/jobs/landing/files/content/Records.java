package dev.igarape.jobs.landing.files.content;

import java.io.IOException;
import java.util.Optional;

/** Reads a file record by record; every line of it is in what it gives. */
public interface Records {
    /** The next one; empty at the end of the file. */
    Optional<FileRecord> next() throws IOException;
}
