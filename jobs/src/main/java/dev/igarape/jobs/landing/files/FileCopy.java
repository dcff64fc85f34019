package dev.igarape.jobs.landing.files;

import dev.igarape.jobs.landing.files.folders.FoundFile;
import dev.igarape.jobs.ledger.Consumed;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.avro.Schema;

/** Copies the records of a file into the table's files. */
interface FileCopy {
    /**
     * Copies a file.
     *
     * @param stored its bytes, which are read to the end by the caller if not here
     * @throws dev.igarape.model.error.LakeException (DEFINITION) if it can't be read as a whole
     */
    Copied copy(FoundFile file, InputStream stored, FileOutputs out) throws IOException;

    /**
     * What was copied besides the rows and the refused records.
     *
     * @param blank lines without anything in them
     * @param duplicates events that other files have brought
     * @param writer schema of its values, where the file says it
     * @param captured which events it has brought, of a capture
     */
    record Copied(long blank, long duplicates, Optional<Schema> writer, Optional<Consumed.Captured> captured) {}
}
