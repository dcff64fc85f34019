package dev.igarape.jobs.files;

import dev.igarape.model.ExitCode;
import dev.igarape.model.LakeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/** The lines of a stream as bytes, each with the {@code \n} that ends it; lines can be put back. */
final class Lines {
    /** More than that is no line for people or programs, but a file that was never meant to be read by lines. */
    static final int LONGEST = 64 << 20;

    private static final int CHUNK = 64 << 10;

    private final InputStream in;
    private final String name;
    private final Deque<byte[]> back = new ArrayDeque<>();
    private final byte[] chunk = new byte[CHUNK];
    private int from;
    private int until;
    private long number;

    /** @param name of the file, for messages */
    Lines(InputStream in, String name) {
        this.in = in;
        this.name = name;
    }

    /** Number of the line that {@link #next} gave last. */
    long number() {
        return number;
    }

    /** The next line; empty at the end. */
    Optional<byte[]> next() throws IOException {
        if (!back.isEmpty()) {
            number++;
            return Optional.of(back.pop());
        }
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (fill()) {
            int end = from;
            while (end < until && chunk[end] != '\n') {
                end++;
            }
            boolean whole = end < until;
            int length = end - from + (whole ? 1 : 0);
            if (line.size() + (long) length > LONGEST) {
                throw new LakeException(
                        ExitCode.DEFINITION,
                        name + " has a line " + (number + 1) + " of more than " + (LONGEST >> 20)
                                + " MB. Nothing of this run was committed. Split the file into lines, or move it away.");
            }
            line.write(chunk, from, length);
            from += length;
            if (whole) {
                break;
            }
        }
        if (line.size() == 0) {
            return Optional.empty();
        }
        number++;
        return Optional.of(line.toByteArray());
    }

    /** Puts the line given last, or the last but one and so on, in front again. */
    void putBack(byte[] line) {
        back.push(line);
        number--;
    }

    private boolean fill() throws IOException {
        if (from < until) {
            return true;
        }
        from = 0;
        until = Math.max(0, in.read(chunk));
        return until > 0;
    }

    /** The line without the {@code \n} or {@code \r\n} at its end. */
    static byte[] bare(byte[] line) {
        int length = line.length;
        if (length > 0 && line[length - 1] == '\n') {
            length--;
            if (length > 0 && line[length - 1] == '\r') {
                length--;
            }
        }
        return Arrays.copyOf(line, length);
    }

    static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t' && b != '\r' && b != '\n') {
                return false;
            }
        }
        return true;
    }
}
