package dev.igarape.jobs.landing.files.content;

import java.io.IOException;
import java.util.Optional;

/** Reader of a file's records. Every line of the file is part of exactly one result. */
public interface Records {
    /** The next part of the file; empty at its end. */
    Optional<FileRecord> next() throws IOException;
}
