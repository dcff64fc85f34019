package dev.igarape.jobs.landing.files.rows;

import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;

/** Rows of an Avro file. */
public final class AvroFileRows implements FileRows {
    private final String name;
    private final DataFileStream<Object> rows;

    /**
     * Opens a file's content, and closes it in the end.
     *
     * @param name of the file, for messages
     * @throws LakeException (DEFINITION) if its header can't be read
     */
    public AvroFileRows(InputStream content, String name) throws IOException {
        this.name = name;
        try {
            rows = new DataFileStream<>(new AvroBlocks(content, name), new GenericDatumReader<>());
        } catch (LakeException e) {
            throw e;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (IOException | RuntimeException e) {
            throw DamagedFile.breaksOff(name, "Avro", e);
        }
    }

    @Override
    public Schema schema() {
        return rows.getSchema();
    }

    @Override
    public Optional<Object> next() throws IOException {
        try {
            return rows.hasNext() ? Optional.of(rows.next()) : Optional.empty();
        } catch (LakeException e) {
            throw e;
        } catch (UncheckedIOException e) {
            throw e.getCause();
        } catch (RuntimeException e) {
            throw DamagedFile.breaksOff(name, "Avro", e);
        }
    }

    @Override
    public void close() throws IOException {
        rows.close();
    }
}
