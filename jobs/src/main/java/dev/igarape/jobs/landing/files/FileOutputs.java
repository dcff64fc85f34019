package dev.igarape.jobs.landing.files;

import dev.igarape.jobs.avro.AvroCodec;
import dev.igarape.jobs.landing.files.content.FileRule;
import dev.igarape.jobs.landing.files.folders.FoundFile;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.storage.QuarantineSchema;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The Avro files that a landed file becomes: its rows, and its refused records if there are any. */
final class FileOutputs implements Closeable {
    private static final String PART = "part-0.avro";

    private final FileSystem files;
    private final Path rowsFolder;
    private final Path quarantineFolder;
    private final FoundFile file;
    private Optional<Output> rows = Optional.empty();
    private Optional<Output> refused = Optional.empty();

    FileOutputs(FileSystem files, Path rowsFolder, Path quarantineFolder, FoundFile file) {
        this.files = files;
        this.rowsFolder = rowsFolder;
        this.quarantineFolder = quarantineFolder;
        this.file = file;
    }

    /** Begins the file of rows, which is there even if it has none; to be called once. */
    void begin(Schema schema) throws IOException {
        rows = Optional.of(new Output(new Path(rowsFolder, PART), schema));
    }

    void row(GenericRecord row) throws IOException {
        rows.orElseThrow().append(row);
    }

    /**
     * Puts a record into quarantine.
     *
     * @param line its place in the file
     * @param bytes what it is
     */
    void refuse(long line, FileRule rule, String reason, byte[] bytes) throws IOException {
        beginQuarantine();
        GenericRecord row = new GenericData.Record(QuarantineSchema.schema());
        row.put("rule", rule.toString());
        row.put("reason", reason);
        row.put("topic", file.name());
        row.put("partition", 0);
        row.put("offset", line);
        row.put("timestamp", file.modified().toEpochMilli());
        row.put("value", ByteBuffer.wrap(bytes));
        refused.orElseThrow().append(row);
    }

    /** Has a quarantine partition even if it is empty. */
    void beginQuarantine() throws IOException {
        if (refused.isEmpty()) {
            refused = Optional.of(new Output(new Path(quarantineFolder, PART), QuarantineSchema.schema()));
        }
    }

    /** The partition of the rows, once all is closed. */
    PartitionVersion partition(LocalDate date, String path) throws IOException {
        return version(rows.orElseThrow(), date, path);
    }

    Optional<PartitionVersion> quarantine(LocalDate date, String path) throws IOException {
        return refused.isPresent() ? Optional.of(version(refused.get(), date, path)) : Optional.empty();
    }

    private PartitionVersion version(Output output, LocalDate date, String path) throws IOException {
        return new PartitionVersion(date, Optional.of(file.batch()), path, 1, output.rows, output.bytes());
    }

    @Override
    public void close() throws IOException {
        try {
            if (rows.isPresent()) {
                rows.get().writer.close();
            }
        } finally {
            if (refused.isPresent()) {
                refused.get().writer.close();
            }
        }
    }

    /** An Avro file that is being written. */
    private final class Output {
        private final Path path;
        private final DataFileWriter<GenericRecord> writer;
        private long rows;

        Output(Path path, Schema schema) throws IOException {
            this.path = path;
            this.writer = new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(schema));
            writer.setCodec(AvroCodec.zstandard(3).factory());
            writer.create(schema, files.create(path, false));
        }

        void append(GenericRecord row) throws IOException {
            writer.append(row);
            rows++;
        }

        long bytes() throws IOException {
            return files.getFileStatus(path).getLen();
        }
    }
}
