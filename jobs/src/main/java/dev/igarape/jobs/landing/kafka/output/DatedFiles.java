package dev.igarape.jobs.landing.kafka.output;

import dev.igarape.jobs.avro.BlockCodec;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The files of one task: one for each stream and date, or more if it grows large. The number of open files is limited
 * by the options. Rows of further dates are buffered in memory; when the buffers grow too large, files without recent
 * rows are closed and all buffers are written, so that even dates in random order make few files.
 */
public final class DatedFiles {
    private final FileSystem fs;
    private final Path folder;
    private final String prefix;
    private final LandingOptions options;
    private final BlockCodec codec;
    private final List<DatedRows> open = new ArrayList<>();
    private final List<DatedRows> buffers = new ArrayList<>();
    private final List<LandedFile> closed = new ArrayList<>();
    private long bufferedBytes;
    private int created;

    /** @param prefix of the file names */
    public DatedFiles(FileSystem fs, Path folder, String prefix, LandingOptions options) {
        this.fs = fs;
        this.folder = folder;
        this.prefix = prefix;
        this.options = options;
        this.codec = options.codec().blocks();
    }

    /** @param subfolder ends with a slash, or is empty */
    public FileStream stream(String subfolder, int schemaId, Schema schema) {
        return new FileStream(this, subfolder, schemaId, schema);
    }

    DatedRows open(FileStream stream, long day) {
        DatedRows rows = new DatedRows(this, stream, day);
        buffers.add(rows);
        return rows;
    }

    AvroFile create(FileStream stream, long day) throws IOException {
        LocalDate date = LocalDate.ofEpochDay(day);
        String id = stream.schemaId() == LandedFile.QUARANTINE ? "" : "-" + stream.schemaId();
        String path = stream.folder() + "date=" + date + "/" + prefix + "-" + created++ + id + ".avro";
        return AvroFile.create(fs, folder, path, date, stream.schemaId(), stream.schema(), options, codec);
    }

    long fileBytes() {
        return options.bounds().fileBytes();
    }

    void closed(LandedFile file) {
        closed.add(file);
    }

    /** Counts newly buffered bytes. */
    void buffered(int bytes) throws IOException {
        bufferedBytes += bytes;
        if (open.size() < options.bounds().openFiles()
                || bufferedBytes > options.bounds().waitingBytes()) {
            flush();
        }
    }

    /** Writes all buffers, the largest first, so that those get the files that stay open. */
    private void flush() throws IOException {
        if (open.size() >= options.bounds().openFiles()) {
            closeIdle();
        }
        buffers.sort(Comparator.comparingInt(DatedRows::bufferedLength).reversed());
        for (DatedRows rows : buffers) {
            rows.openFile();
            if (open.size() < options.bounds().openFiles()) {
                open.add(rows);
            } else {
                finish(rows);
            }
        }
        buffers.clear();
        bufferedBytes = 0;
    }

    private void closeIdle() throws IOException {
        List<DatedRows> idle = new ArrayList<>();
        for (DatedRows rows : open) {
            if (!rows.wasUsed()) {
                idle.add(rows);
            }
        }
        open.removeAll(idle);
        for (DatedRows rows : idle) {
            finish(rows);
        }
    }

    private void finish(DatedRows rows) throws IOException {
        rows.close().ifPresent(closed::add);
        rows.stream().forget(rows.day());
    }

    /** Writes and closes everything; returns all files ordered by path. */
    public List<LandedFile> close() throws IOException {
        flush();
        for (DatedRows rows : open) {
            finish(rows);
        }
        open.clear();
        codec.close();
        closed.sort(Comparator.comparing(LandedFile::path));
        return List.copyOf(closed);
    }

    /** Closes all open files after a failure. */
    public void abandon() {
        codec.close();
        open.forEach(DatedRows::abandon);
        buffers.forEach(DatedRows::abandon);
    }
}
