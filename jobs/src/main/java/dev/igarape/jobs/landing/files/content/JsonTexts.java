package dev.igarape.jobs.landing.files.content;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.igarape.jobs.storage.JsonText;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.io.Reader;
import java.util.Optional;

/**
 * JSON texts that span several lines; an array is replaced by its elements. They are read on demand, so that memory
 * does not grow with the file.
 */
final class JsonTexts implements Records {
    private final String name;
    private final LinesReader lines;
    private final RecordBuffer buffer;
    private final JsonParser parser;
    private boolean inArray;
    private long countedLines;

    /** @param lines contain only JSON texts from here on */
    JsonTexts(Lines lines) throws IOException {
        this.name = lines.name();
        this.lines = new LinesReader(lines);
        this.buffer = new RecordBuffer();
        this.parser = JsonText.parser(buffer);
    }

    /** @throws LakeException (DEFINITION) for a record that is too large */
    @Override
    public Optional<FileRecord> next() throws IOException {
        while (true) {
            JsonToken token = parser.nextToken();
            if (token == null) {
                long rest = linesSinceLast();
                return rest == 0 ? Optional.empty() : Optional.of(new FileRecord.Structure(lines.number(), rest));
            }
            if (token == (inArray ? JsonToken.END_ARRAY : JsonToken.START_ARRAY)) {
                inArray = !inArray;
            } else {
                return Optional.of(record());
            }
        }
    }

    private FileRecord record() throws IOException {
        long line = lines.number();
        long from = parser.currentTokenLocation().getCharOffset();
        buffer.discardUntil(from, line);
        if (parser.currentToken().isStructStart()) {
            parser.skipChildren();
        } else {
            parser.finishToken();
        }
        // Reading a number at the top level also reads the whitespace after it.
        String body = buffer.until(parser.currentLocation().getCharOffset()).strip();
        return new FileRecord.Valid(line, linesSinceLast(), body, Optional.empty());
    }

    private long linesSinceLast() {
        long since = lines.taken() - countedLines;
        countedLines = lines.taken();
        return since;
    }

    /** Buffers what the parser has read since the record began. */
    private final class RecordBuffer extends Reader {
        private final StringBuilder text = new StringBuilder();
        private long begin;
        private long line;

        void discardUntil(long offset, long newLine) {
            text.delete(0, Math.toIntExact(offset - begin));
            begin = offset;
            line = newLine;
        }

        String until(long offset) {
            return text.substring(0, Math.toIntExact(offset - begin));
        }

        @Override
        public int read(char[] into, int offset, int length) throws IOException {
            int count = lines.read(into, offset, length);
            if (count > 0) {
                text.append(into, offset, count);
            }
            if (text.length() > Lines.LONGEST) {
                throw new LakeException(
                        ExitCode.DEFINITION,
                        name + " has a JSON text of more than " + (Lines.LONGEST >> 20) + " MB, which begins on line "
                                + line + ". Have it written as an array or as lines, whose texts become rows of their"
                                + " own.");
            }
            return count;
        }

        @Override
        public void close() {
            // Closed by whoever opened the lines.
        }
    }
}
