package dev.igarape.jobs.landing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** An Avro file that is being written from records which are encoded already. */
final class AvroFile {
    private final String path;
    private final LocalDate date;
    private final int schemaId;
    private final FSDataOutputStream out;
    private final DataFileWriter<Object> writer;
    private long rows;

    private AvroFile(String path, LocalDate date, int schemaId, FSDataOutputStream out, DataFileWriter<Object> writer) {
        this.path = path;
        this.date = date;
        this.schemaId = schemaId;
        this.out = out;
        this.writer = writer;
    }

    @SuppressWarnings("resource") // closed with the file
    static AvroFile create(
            FileSystem fs,
            Path folder,
            String path,
            LocalDate date,
            int schemaId,
            Schema schema,
            LandingOptions options)
            throws IOException {
        FSDataOutputStream out = fs.create(new Path(folder, path), false);
        try {
            DataFileWriter<Object> writer = new DataFileWriter<>(new GenericDatumWriter<>(schema));
            writer.setCodec(options.codec().factory());
            writer.setSyncInterval(options.blockBytes());
            writer.create(schema, out);
            return new AvroFile(path, date, schemaId, out, writer);
        } catch (IOException | RuntimeException e) {
            out.close();
            throw e;
        }
    }

    /** Appends one encoded record; the buffer is left as it was. */
    void append(ByteBuffer encoded) throws IOException {
        writer.appendEncoded(encoded);
        rows++;
    }

    /** About how many bytes the file has. */
    long size() throws IOException {
        return out.getPos();
    }

    LandedFile close() throws IOException {
        writer.flush();
        long bytes = out.getPos();
        writer.close();
        return new LandedFile(path, date, rows, bytes, schemaId);
    }

    /** Gives up the file: what it holds does not matter any more. */
    void abandon() {
        try {
            out.close();
        } catch (IOException e) {
            // The attempt has failed already, for a reason that says more.
        }
    }
}
