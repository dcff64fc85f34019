package dev.igarape.jobs.landing.files;

import dev.igarape.jobs.avro.AvroCodec;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.landing.files.content.CsvRecords;
import dev.igarape.jobs.landing.files.content.FileContent;
import dev.igarape.jobs.landing.files.content.FileRecord;
import dev.igarape.jobs.landing.files.content.JsonRecords;
import dev.igarape.jobs.landing.files.content.Lines;
import dev.igarape.jobs.landing.files.content.Records;
import dev.igarape.jobs.ledger.Consumed;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.jobs.storage.QuarantineSchema;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.UnsupportedCharsetException;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.time.LocalDate;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Writes files into the folders of one commit: valid records as Avro, invalid ones to quarantine. */
final class FileLander {
    private final Lake lake;
    private final Table table;
    private final Source.Files source;
    private final String commitId;

    FileLander(Lake lake, Table table, Source.Files source, String commitId) {
        this.lake = lake;
        this.table = table;
        this.source = source;
        this.commitId = commitId;
    }

    /**
     * A landed file.
     *
     * @param quarantine present where something was refused, or where an older version's must be replaced
     * @param blank lines without anything in them
     */
    record Landed(
            FoundFile file,
            Consumed.FileVersion version,
            PartitionVersion partition,
            Optional<PartitionVersion> quarantine,
            long blank) {
        long quarantined() {
            return quarantine.map(PartitionVersion::rows).orElse(0L);
        }

        /** Whether the file is not empty but has neither rows nor quarantined records. */
        boolean holdsNoRow() {
            return file.length() > 0 && partition.rows() == 0 && quarantined() == 0;
        }
    }

    /** The version of the file as it is now, by reading it. */
    Consumed.FileVersion version(FoundFile file) throws IOException {
        MessageDigest digest = Sha256.digest();
        try (InputStream in = new DigestInputStream(open(file), digest)) {
            in.transferTo(OutputStream.nullOutputStream());
        }
        return file.version(digest.digest());
    }

    private InputStream open(FoundFile file) throws IOException {
        return file.path().getFileSystem(lake.hadoop()).open(file.path());
    }

    /**
     * Lands a file.
     *
     * @param keepQuarantine whether a quarantine partition is needed even if it is empty
     * @throws LakeException DEFINITION if the file as a whole can't be read, in which case nothing of it is left;
     *     UNAVAILABLE if it changed while it was read
     */
    Landed land(FoundFile file, LocalDate date, boolean keepQuarantine) throws IOException {
        TableLayout layout = new TableLayout(lake.target(), table);
        String path = commitId + "/date=" + date + "/batch=" + file.batch();
        try {
            return land(file, date, keepQuarantine, layout, path);
        } catch (LakeException e) {
            lake.files().delete(new Path(layout.folder(), path), true);
            lake.files().delete(new Path(layout.quarantineFolder(), path), true);
            throw e;
        }
    }

    private Landed land(FoundFile file, LocalDate date, boolean keepQuarantine, TableLayout layout, String path)
            throws IOException {
        MessageDigest digest = Sha256.digest();
        Output good =
                new Output(new Path(layout.folder(), path + "/part-0.avro"), FileEnvelope.schema(source.format()));
        Optional<Output> bad = keepQuarantine ? Optional.of(quarantine(layout, path)) : Optional.empty();
        long blank = 0;
        try (InputStream stored = new DigestInputStream(open(file), digest);
                Lines lines = lines(stored, file)) {
            Records records = records(lines, file);
            long recordLines = 0;
            for (Optional<FileRecord> next = records.next(); next.isPresent(); next = records.next()) {
                recordLines += next.get().lines();
                if (next.get() instanceof FileRecord.Valid record) {
                    good.append(row(file, record));
                } else if (next.get() instanceof FileRecord.Invalid record) {
                    if (bad.isEmpty()) {
                        bad = Optional.of(quarantine(layout, path));
                    }
                    bad.get().append(quarantineRow(file, record));
                } else if (next.get() instanceof FileRecord.Blank) {
                    blank++;
                }
            }
            if (recordLines != lines.count()) {
                throw new IllegalStateException(
                        file.path() + " has " + lines.count() + " lines, but its records have " + recordLines);
            }
            stored.transferTo(OutputStream.nullOutputStream());
        } finally {
            good.close();
            if (bad.isPresent()) {
                bad.get().close();
            }
        }
        requireUnchanged(file);
        Optional<String> batch = Optional.of(file.batch());
        PartitionVersion partition = new PartitionVersion(date, batch, path, 1, good.rows(), good.bytes());
        Optional<PartitionVersion> quarantine = bad.isPresent()
                ? Optional.of(new PartitionVersion(
                        date, batch, path, 1, bad.get().rows(), bad.get().bytes()))
                : Optional.empty();
        return new Landed(file, file.version(digest.digest()), partition, quarantine, blank);
    }

    /** Deletes everything that was written. */
    void discard() throws IOException {
        TableLayout layout = new TableLayout(lake.target(), table);
        lake.files().delete(new Path(layout.folder(), commitId), true);
        lake.files().delete(new Path(layout.quarantineFolder(), commitId), true);
    }

    private Lines lines(InputStream stored, FoundFile file) throws IOException {
        return Lines.of(FileContent.of(stored, file.name()), charset(), file.name());
    }

    private Charset charset() {
        try {
            return Charset.forName(source.encoding());
        } catch (UnsupportedCharsetException e) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "this machine's Java does not know the encoding " + source.encoding()
                            + ". Have it run by one with the module jdk.charsets.",
                    e);
        }
    }

    private Records records(Lines lines, FoundFile file) {
        return source.format().equals("csv")
                ? new CsvRecords(lines, source.delimiter().charAt(0), source.header())
                : new JsonRecords(lines, () -> lines(open(file), file));
    }

    private GenericRecord row(FoundFile file, FileRecord.Valid record) {
        GenericRecord row = new GenericData.Record(FileEnvelope.schema(source.format()));
        row.put("file", file.name());
        row.put("line", record.line());
        row.put("body", record.body());
        record.row().ifPresent(cells -> row.put("row", cells));
        return row;
    }

    private static GenericRecord quarantineRow(FoundFile file, FileRecord.Invalid record) {
        GenericRecord row = new GenericData.Record(QuarantineSchema.schema());
        row.put("rule", record.rule().toString());
        row.put("reason", record.reason());
        row.put("topic", file.name());
        row.put("partition", 0);
        row.put("offset", record.line());
        row.put("timestamp", file.modified().toEpochMilli());
        row.put("value", ByteBuffer.wrap(record.bytes()));
        return row;
    }

    private Output quarantine(TableLayout layout, String path) throws IOException {
        return new Output(new Path(layout.quarantineFolder(), path + "/part-0.avro"), QuarantineSchema.schema());
    }

    private void requireUnchanged(FoundFile file) throws IOException {
        FileStatus status = file.path().getFileSystem(lake.hadoop()).getFileStatus(file.path());
        if (status.getLen() != file.length()
                || status.getModificationTime() != file.modified().toEpochMilli()) {
            throw new LakeException(
                    ExitCode.UNAVAILABLE,
                    "Cannot land " + file.path() + ": it changed while it was read. Nothing of this run was committed;"
                            + " run again when it is whole, and let its writer rename it into place.");
        }
    }

    /** An Avro file that is being written. */
    private final class Output {
        private final FileSystem files = lake.files();
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

        void close() throws IOException {
            writer.close();
        }

        long rows() {
            return rows;
        }

        long bytes() throws IOException {
            return files.getFileStatus(path).getLen();
        }
    }
}
