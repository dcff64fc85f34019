package dev.igarape.jobs.landing.files.content;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Optional;

/**
 * Splits a file into lines, as bytes. Each line ends with {@code
 * }, {@code \r
 * } or {@code \r}, which may be mixed. Lines can be put back.
 */
public final class Lines implements Closeable {
    /** Maximum size of a line; a larger one means that the file was not meant to be read by lines. */
    static final int LONGEST = 64 << 20;

    private static final int CHUNK = 64 << 10;

    private final InputStream in;
    private final String name;
    private final Encoding encoding;
    private final Deque<Line> back = new ArrayDeque<>();
    private final byte[] chunk = new byte[CHUNK];
    private int from;
    private int until;
    private long count;

    private Lines(InputStream in, Encoding encoding, String name) {
        this.in = in;
        this.encoding = encoding;
        this.name = name;
    }

    /**
     * Lines of a file's content, after its byte order mark.
     *
     * @param declared the encoding unless there is a byte order mark
     * @param name of the file, for messages
     */
    public static Lines of(InputStream content, Charset declared, String name) throws IOException {
        byte[] head = content.readNBytes(Encoding.HEAD);
        Encoding encoding = Encoding.of(declared, head);
        Lines lines = new Lines(content, encoding, name);
        lines.until = head.length - encoding.markLength();
        System.arraycopy(head, encoding.markLength(), lines.chunk, 0, lines.until);
        return lines;
    }

    Encoding encoding() {
        return encoding;
    }

    String name() {
        return name;
    }

    /** Number of lines read so far, including those that were put back. */
    public long count() {
        return count;
    }

    /** The next line; empty at the end. */
    Optional<Line> next() throws IOException {
        if (!back.isEmpty()) {
            return Optional.of(back.pop());
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        String end = "";
        while (end.isEmpty() && fill()) {
            int at = from;
            while (end.isEmpty() && at + encoding.unitBytes() <= until) {
                if (encoding.isLineFeed(chunk, at)) {
                    end = "\n";
                } else if (encoding.isCarriageReturn(chunk, at)) {
                    end = "\r";
                }
                at += encoding.unitBytes();
            }
            take(bytes, end.isEmpty() && at == from ? until : at);
        }
        if (end.equals("\r") && fill() && encoding.unitBytes() <= until - from && encoding.isLineFeed(chunk, from)) {
            take(bytes, from + encoding.unitBytes());
            end = "\r\n";
        }
        if (bytes.size() == 0) {
            return Optional.empty();
        }
        count++;
        return Optional.of(line(bytes.toByteArray(), end));
    }

    private void take(ByteArrayOutputStream bytes, int end) {
        if (bytes.size() + (long) (end - from) > LONGEST) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    name + " has a line " + (count + 1) + " of more than " + (LONGEST >> 20)
                            + " MB. Split the file into lines (the elements of a JSON array, one on each), or move it"
                            + " away.");
        }
        bytes.write(chunk, from, end - from);
        from = end;
    }

    private Line line(byte[] bytes, String end) {
        int bare = bytes.length - end.length() * encoding.unitBytes();
        String text = encoding.decode(bytes, bare);
        return new Line(count, bytes, bare, text + end, end, encoding.isText(bytes, bare, text));
    }

    /** Puts a line back, in the reverse order of reading. */
    void putBack(Line line) {
        back.push(line);
    }

    /** Reads until a whole code unit is available, or the rest of the file; false at the end. */
    private boolean fill() throws IOException {
        if (until - from >= encoding.unitBytes()) {
            return true;
        }
        byte[] left = Arrays.copyOfRange(chunk, from, until);
        System.arraycopy(left, 0, chunk, 0, left.length);
        from = 0;
        until = left.length;
        while (until < encoding.unitBytes()) {
            int read = in.read(chunk, until, CHUNK - until);
            if (read < 0) {
                break;
            }
            until += read;
        }
        return until > 0;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
