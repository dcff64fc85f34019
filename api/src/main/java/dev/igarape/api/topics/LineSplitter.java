package dev.igarape.api.topics;

import io.vertx.core.buffer.Buffer;
import java.util.function.Consumer;

/** A splitter of a byte stream into lines of limited length. Blank lines are counted but skipped. */
final class LineSplitter {
    /**
     * One line without its end.
     *
     * @param number from 1, blank lines counted
     * @param bytes empty when it is longer than allowed
     */
    record Line(long number, byte[] bytes, boolean tooLong) {}

    private final int longest;
    private final Consumer<Line> lines;
    private Buffer partial = Buffer.buffer();
    private boolean tooLong;
    private long number;

    LineSplitter(int longest, Consumer<Line> lines) {
        this.longest = longest;
        this.lines = lines;
    }

    void take(Buffer piece) {
        int start = 0;
        for (int i = 0; i < piece.length(); i++) {
            if (piece.getByte(i) == '\n') {
                keep(piece, start, i);
                cut();
                start = i + 1;
            }
        }
        keep(piece, start, piece.length());
    }

    /** Ends the stream; bytes after the last line end are a line, too. */
    void end() {
        if (tooLong || partial.length() > 0) {
            cut();
        }
    }

    /** Bytes of the line that has not ended yet. */
    int held() {
        return partial.length();
    }

    private void keep(Buffer piece, int from, int to) {
        if (!tooLong && partial.length() + to - from > longest) {
            tooLong = true;
            partial = Buffer.buffer();
        }
        if (!tooLong && to > from) {
            partial.appendBuffer(piece, from, to - from);
        }
    }

    private void cut() {
        number++;
        byte[] bytes = partial.getBytes();
        boolean wasTooLong = tooLong;
        partial = Buffer.buffer();
        tooLong = false;
        if (wasTooLong || !isBlank(bytes)) {
            lines.accept(new Line(number, bytes, wasTooLong));
        }
    }

    private static boolean isBlank(byte[] line) {
        for (byte b : line) {
            if (b != ' ' && b != '\t' && b != '\r') {
                return false;
            }
        }
        return true;
    }
}
