package dev.igarape.jobs.landing.files.content;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.MalformedInputException;
import java.util.Optional;

/** A reader over lines. It takes a line only after everything before it was read. */
final class LinesReader extends Reader {
    private final Lines lines;
    private String line = "";
    private int at;
    private long taken;
    private long number;

    LinesReader(Lines lines) {
        this.lines = lines;
    }

    /** Number of lines taken. */
    long taken() {
        return taken;
    }

    /** Number of the last line taken. */
    long number() {
        return number;
    }

    /** @throws MalformedInputException at a line that is not valid text */
    @Override
    public int read(char[] into, int offset, int length) throws IOException {
        while (at == line.length()) {
            Optional<Line> next = lines.next();
            if (next.isEmpty()) {
                return -1;
            }
            if (!next.get().isText()) {
                throw new MalformedInputException(next.get().bareLength());
            }
            line = next.get().text();
            number = next.get().number();
            at = 0;
            taken++;
        }
        int count = Math.min(length, line.length() - at);
        line.getChars(at, at + count, into, offset);
        at += count;
        return count;
    }

    @Override
    public void close() {
        // Closed by whoever opened the lines.
    }
}
