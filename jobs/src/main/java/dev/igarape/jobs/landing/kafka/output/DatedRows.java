package dev.igarape.jobs.landing.kafka.output;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Rows of one schema and date, in an open file or buffered in memory. */
final class DatedRows {
    private static final byte[] NOTHING = new byte[0];

    private final DatedFiles files;
    private final FileStream stream;
    private final long day;

    private AvroFile file;
    private boolean used;

    /** Buffered rows, each after its length in four bytes. */
    private byte[] buffer = NOTHING;

    private int bufferedLength;

    /** Event times of the rows since the last file was closed, in milliseconds since the epoch. */
    private long first = Long.MAX_VALUE;

    private long last = Long.MIN_VALUE;

    DatedRows(DatedFiles files, FileStream stream, long day) {
        this.files = files;
        this.stream = stream;
        this.day = day;
    }

    FileStream stream() {
        return stream;
    }

    long day() {
        return day;
    }

    int bufferedLength() {
        return bufferedLength;
    }

    boolean isOpen() {
        return file != null;
    }

    void append(long time, byte[] encoded, int length) throws IOException {
        first = Math.min(first, time);
        last = Math.max(last, time);
        if (file == null) {
            bufferRow(encoded, length);
            return;
        }
        used = true;
        if (file.append(encoded, 0, length) && file.size() >= files.fileBytes()) {
            files.closed(closeFile());
            file = files.create(stream, day);
        }
    }

    private void bufferRow(byte[] encoded, int length) throws IOException {
        int needed = bufferedLength + Integer.BYTES + length;
        if (needed < 0) {
            throw new IOException("rows of more than 2 GiB wait for a file");
        }
        int before = buffer.length;
        if (needed > before) {
            buffer = Arrays.copyOf(buffer, Math.max(needed, (int) Math.min(1L << 30, Math.max(512L, 2L * before))));
        }
        ByteBuffer.wrap(buffer).putInt(bufferedLength, length);
        System.arraycopy(encoded, 0, buffer, bufferedLength + Integer.BYTES, length);
        bufferedLength = needed;
        files.buffered(buffer.length - before);
    }

    /** Writes the buffered rows to a new file, which stays open. */
    void openFile() throws IOException {
        file = files.create(stream, day);
        ByteBuffer lengths = ByteBuffer.wrap(buffer);
        for (int at = 0; at < bufferedLength; ) {
            int length = lengths.getInt(at);
            file.append(buffer, at + Integer.BYTES, length);
            at += Integer.BYTES + length;
        }
        buffer = NOTHING;
        bufferedLength = 0;
        used = true;
    }

    /** Closes the file, if one is open. */
    Optional<LandedFile> close() throws IOException {
        if (file == null) {
            return Optional.empty();
        }
        LandedFile closed = closeFile();
        file = null;
        return Optional.of(closed);
    }

    private LandedFile closeFile() throws IOException {
        LandedFile closed = file.close(first, last);
        first = Long.MAX_VALUE;
        last = Long.MIN_VALUE;
        return closed;
    }

    void abandon() {
        if (file != null) {
            file.abandon();
        }
    }

    /** Whether rows were added since the last call. */
    boolean wasUsed() {
        boolean was = used;
        used = false;
        return was;
    }
}
