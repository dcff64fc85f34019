package dev.igarape.jobs.files;

import java.io.IOException;
import java.util.Optional;

/** Reads a file record by record; every line of it is in what it gives. */
interface Records {
    /** The next one; empty at the end of the file. */
    Optional<FileRecord> next() throws IOException;
}
