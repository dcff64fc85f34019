package dev.igarape.jobs.landing.kafka.output;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** Rows of one schema and date: in an open file, or waiting in memory for one. */
final class DatedRows {
    private static final byte[] NOTHING = new byte[0];

    private final DatedFiles files;
    private final FileStream stream;
    private final long day;

    private AvroFile file;
    private boolean used;

    /** Rows that wait, each behind its length in four bytes. */
    private byte[] waiting = NOTHING;

    private int waitingLength;

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

    int waitingLength() {
        return waitingLength;
    }

    boolean isOpen() {
        return file != null;
    }

    void append(byte[] encoded, int length) throws IOException {
        if (file == null) {
            await(encoded, length);
            return;
        }
        used = true;
        if (file.append(encoded, 0, length) && file.size() >= files.fileBytes()) {
            files.closed(file.close());
            file = files.create(stream, day);
        }
    }

    private void await(byte[] encoded, int length) throws IOException {
        int needed = waitingLength + Integer.BYTES + length;
        if (needed < 0) {
            throw new IOException("rows of more than 2 GiB wait for a file");
        }
        int before = waiting.length;
        if (needed > before) {
            waiting = Arrays.copyOf(waiting, Math.max(needed, (int) Math.min(1L << 30, Math.max(512L, 2L * before))));
        }
        ByteBuffer.wrap(waiting).putInt(waitingLength, length);
        System.arraycopy(encoded, 0, waiting, waitingLength + Integer.BYTES, length);
        waitingLength = needed;
        files.waits(waiting.length - before);
    }

    /** Writes what waits into a file, which stays open. */
    void openFile() throws IOException {
        file = files.create(stream, day);
        ByteBuffer lengths = ByteBuffer.wrap(waiting);
        for (int at = 0; at < waitingLength; ) {
            int length = lengths.getInt(at);
            file.append(waiting, at + Integer.BYTES, length);
            at += Integer.BYTES + length;
        }
        waiting = NOTHING;
        waitingLength = 0;
        used = true;
    }

    /** Closes the file, if one is open. */
    Optional<LandedFile> close() throws IOException {
        if (file == null) {
            return Optional.empty();
        }
        LandedFile closed = file.close();
        file = null;
        return Optional.of(closed);
    }

    void abandon() {
        if (file != null) {
            file.abandon();
        }
    }

    /** Whether rows came since this was asked last. */
    boolean wasUsed() {
        boolean was = used;
        used = false;
        return was;
    }
}
