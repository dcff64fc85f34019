package dev.igarape.jobs.files;

import java.io.IOException;
import java.util.Optional;

/** Reads a file record by record; every byte that is no blank line is in one of them. */
interface Records {
    /** The next one; empty at the end of the file. */
    Optional<FileRecord> next() throws IOException;
}
