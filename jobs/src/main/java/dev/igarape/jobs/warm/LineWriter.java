package dev.igarape.jobs.warm;

import java.io.Writer;
import java.util.function.Consumer;

/** Gives on what is written line by line; a last line without an end when it is closed. */
final class LineWriter extends Writer {
    private final Consumer<String> lines;
    private final StringBuilder begun = new StringBuilder();

    LineWriter(Consumer<String> lines) {
        this.lines = lines;
    }

    @Override
    public void write(char[] text, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            if (text[i] == '\n') {
                end();
            } else {
                begun.append(text[i]);
            }
        }
    }

    private void end() {
        lines.accept(begun.toString());
        begun.setLength(0);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        if (begun.length() > 0) {
            end();
        }
    }
}
