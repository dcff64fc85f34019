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
 * The lines of a file, told as bytes: each ends with {@code \n}, {@code \r\n} or {@code \r}, whatever the others end with.
 * Lines can be put back.
 */
public final class Lines implements Closeable {
    /** More than that is no line for people or programs, but a file that was never meant to be read by lines. */
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
     * Lines of a file's content, without the byte order mark before them.
     *
     * @param declared its encoding unless a mark says otherwise
     * @param name of the file, for messages
     */
    public static Lines of(InputStream content, Charset declared, String name) throws IOException {
        byte[] head = content.readNBytes(Encoding.HEAD);
        Encoding encoding = Encoding.of(declared, head);
        Lines lines = new Lines(content, encoding, name);
        lines.until = head.length - encoding.mark();
        System.arraycopy(head, encoding.mark(), lines.chunk, 0, lines.until);
        return lines;
    }

    Encoding encoding() {
        return encoding;
    }

    String name() {
        return name;
    }

    /** How many lines were read of the file, those that were put back included. */
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
            while (end.isEmpty() && at + encoding.unit() <= until) {
                if (encoding.isLineFeed(chunk, at)) {
                    end = "\n";
                } else if (encoding.isCarriageReturn(chunk, at)) {
                    end = "\r";
                }
                at += encoding.unit();
            }
            take(bytes, end.isEmpty() && at == from ? until : at);
        }
        if (end.equals("\r") && fill() && encoding.unit() <= until - from && encoding.isLineFeed(chunk, from)) {
            take(bytes, from + encoding.unit());
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
        int bare = bytes.length - end.length() * encoding.unit();
        String text = encoding.decode(bytes, bare);
        return new Line(count, bytes, bare, text + end, end, encoding.isText(bytes, bare, text));
    }

    /** Puts the line given last, or the last but one and so on, in front again. */
    void putBack(Line line) {
        back.push(line);
    }

    /** Has a whole unit at hand, or what is left where the file ends inside of one; whether there is anything. */
    private boolean fill() throws IOException {
        if (until - from >= encoding.unit()) {
            return true;
        }
        byte[] left = Arrays.copyOfRange(chunk, from, until);
        System.arraycopy(left, 0, chunk, 0, left.length);
        from = 0;
        until = left.length;
        while (until < encoding.unit()) {
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
