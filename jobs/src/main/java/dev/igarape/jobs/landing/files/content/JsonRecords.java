package dev.igarape.jobs.landing.files.content;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.jobs.storage.JsonText;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;

/**
 * JSON files: each line is a JSON text, or texts go over several lines. Which of them, the first line tells: where it is
 * no whole JSON text, but the file is one or several of them, the records are these texts, and of a text that is an array
 * its elements. A line that is no JSON costs that line alone. Where it is the first one, and might begin a text that is
 * broken further on, a line counts as a record only if it begins with a bracket, as parts of such a text hardly do.
 */
public final class JsonRecords implements Records {
    private final Lines lines;
    private final Reopened reopened;
    private Optional<JsonTexts> texts = Optional.empty();
    private boolean atStart = true;
    private boolean mayBeBroken;

    /** @param reopened the same lines, from the first one on */
    public JsonRecords(Lines lines, Reopened reopened) {
        this.lines = lines;
        this.reopened = reopened;
    }

    /** Reads a file once more. */
    public interface Reopened {
        Lines lines() throws IOException;
    }

    @Override
    public Optional<FileRecord> next() throws IOException {
        if (texts.isPresent()) {
            return texts.get().next();
        }
        Optional<Line> next = lines.next();
        if (next.isEmpty()) {
            return Optional.empty();
        }
        Line line = next.get();
        if (isWhitespace(line.text())) {
            return Optional.of(new FileRecord.Blank(line.number()));
        }
        FileRecord record = record(line);
        if (atStart && record instanceof FileRecord.Bad && opens(line.text().strip())) {
            if (isTexts()) {
                lines.putBack(line);
                texts = Optional.of(new JsonTexts(lines));
                return texts.get().next();
            }
            mayBeBroken = true;
        }
        atStart = false;
        return Optional.of(record);
    }

    private static boolean isWhitespace(String text) {
        return text.chars().allMatch(c -> c == ' ' || c == '\t' || c == '\r' || c == '\n');
    }

    /** Whether a text that goes over several lines may begin there. */
    private static boolean opens(String text) {
        return text.startsWith("{") || text.startsWith("[");
    }

    /** Whether all that is in the file is JSON texts, wherever its lines end. */
    private boolean isTexts() throws IOException {
        try (Lines whole = reopened.lines()) {
            JsonText.checkAll(new LinesReader(whole));
            return true;
        } catch (JsonProcessingException | CharacterCodingException e) {
            return false;
        }
    }

    private FileRecord record(Line line) throws IOException {
        if (!line.isText()) {
            String fault = lines.encoding().fault();
            return new FileRecord.Bad(line.number(), 1, FileRule.BAD_ENCODING, fault, line.bareBytes());
        }
        try {
            JsonText.check(new StringReader(line.bareText()));
            if (mayBeBroken && !opens(line.bareText())) {
                String reason = "it may be a part of the JSON text that the file begins with, which is broken";
                return new FileRecord.Bad(line.number(), 1, FileRule.NOT_JSON, reason, line.bareBytes());
            }
            return new FileRecord.Good(line.number(), 1, line.bareText(), Optional.empty());
        } catch (JsonProcessingException e) {
            String reason = "it is not one whole JSON text: " + e.getOriginalMessage();
            return new FileRecord.Bad(line.number(), 1, FileRule.NOT_JSON, reason, line.bareBytes());
        }
    }
}
