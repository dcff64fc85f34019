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
 * JSON texts that go over several lines, and instead of an array its elements, each as it stands in the file. They are
 * read as they are asked for, so that memory does not grow with the file.
 */
final class JsonTexts implements Records {
    private final String name;
    private final LinesReader lines;
    private final Kept kept;
    private final JsonParser parser;
    private boolean inArray;
    private long counted;

    /** @param lines of which all that is left is JSON texts */
    JsonTexts(Lines lines) throws IOException {
        this.name = lines.name();
        this.lines = new LinesReader(lines);
        this.kept = new Kept();
        this.parser = JsonText.parser(kept);
    }

    /** @throws LakeException (DEFINITION) for a record that is too large */
    @Override
    public Optional<FileRecord> next() throws IOException {
        while (true) {
            JsonToken token = parser.nextToken();
            if (token == null) {
                long rest = linesSinceLast();
                return rest == 0 ? Optional.empty() : Optional.of(new FileRecord.Frame(lines.number(), rest));
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
        kept.forgetUntil(from, line);
        if (parser.currentToken().isStructStart()) {
            parser.skipChildren();
        } else {
            parser.finishToken();
        }
        // The blank behind a number that stands by itself is read with it.
        String body = kept.until(parser.currentLocation().getCharOffset()).strip();
        return new FileRecord.Good(line, linesSinceLast(), body, Optional.empty());
    }

    private long linesSinceLast() {
        long since = lines.taken() - counted;
        counted = lines.taken();
        return since;
    }

    /** Keeps what the parser has read since a record began. */
    private final class Kept extends Reader {
        private final StringBuilder text = new StringBuilder();
        private long begin;
        private long line;

        void forgetUntil(long offset, long newLine) {
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
            // Whoever has opened the lines closes them.
        }
    }
}
