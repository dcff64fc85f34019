package dev.igarape.jobs.landing.files.rows;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import org.apache.avro.Schema;

/** Rows of a file that says their schema itself. */
public interface FileRows extends Closeable {
    /** The schema of a row. */
    Schema schema();

    /**
     * The next row, in Avro's generic form; empty at the end.
     *
     * @throws dev.igarape.model.error.LakeException (DEFINITION) if the file is damaged or breaks off
     */
    Optional<Object> next() throws IOException;
}
