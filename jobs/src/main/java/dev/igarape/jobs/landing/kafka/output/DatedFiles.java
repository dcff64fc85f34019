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
 * The files of one task: for each stream and date one, or more when it grows large. At most so many are open at once as
 * the options say. Rows of further dates wait in memory; when too many bytes wait, files that got no rows lately are
 * closed and all that waits is written, so that even dates in random order make few files.
 */
public final class DatedFiles {
    private final FileSystem fs;
    private final Path folder;
    private final String prefix;
    private final LandingOptions options;
    private final BlockCodec codec;
    private final List<DatedRows> open = new ArrayList<>();
    private final List<DatedRows> waiting = new ArrayList<>();
    private final List<LandedFile> closed = new ArrayList<>();
    private long waitingBytes;
    private int created;

    /** @param prefix how the names of the files begin */
    public DatedFiles(FileSystem fs, Path folder, String prefix, LandingOptions options) {
        this.fs = fs;
        this.folder = folder;
        this.prefix = prefix;
        this.options = options;
        this.codec = options.codec().blocks();
    }

    /** @param subfolder with a slash at its end, or empty */
    public FileStream stream(String subfolder, int schemaId, Schema schema) {
        return new FileStream(this, subfolder, schemaId, schema);
    }

    DatedRows open(FileStream stream, long day) {
        DatedRows rows = new DatedRows(this, stream, day);
        waiting.add(rows);
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

    /** Counts bytes that have begun to wait. */
    void waits(int bytes) throws IOException {
        waitingBytes += bytes;
        if (open.size() < options.bounds().openFiles()
                || waitingBytes > options.bounds().waitingBytes()) {
            settle();
        }
    }

    /** Writes all that waits, the largest first, so that it gets the files that stay open. */
    private void settle() throws IOException {
        if (open.size() >= options.bounds().openFiles()) {
            closeIdle();
        }
        waiting.sort(Comparator.comparingInt(DatedRows::waitingLength).reversed());
        for (DatedRows rows : waiting) {
            rows.openFile();
            if (open.size() < options.bounds().openFiles()) {
                open.add(rows);
            } else {
                finish(rows);
            }
        }
        waiting.clear();
        waitingBytes = 0;
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

    /** Writes and closes everything; gives all files, ordered by path. */
    public List<LandedFile> close() throws IOException {
        settle();
        for (DatedRows rows : open) {
            finish(rows);
        }
        open.clear();
        codec.close();
        closed.sort(Comparator.comparing(LandedFile::path));
        return List.copyOf(closed);
    }

    /** Gives up all open files. */
    public void abandon() {
        codec.close();
        open.forEach(DatedRows::abandon);
        waiting.forEach(DatedRows::abandon);
    }
}
