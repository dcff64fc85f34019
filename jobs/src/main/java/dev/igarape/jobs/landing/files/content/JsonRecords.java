package dev.igarape.jobs.landing.files.content;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.jobs.storage.JsonText;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.util.Optional;

/**
 * JSON files with one text per line, or with texts that span several lines. The first line decides: if it is not a
 * complete text but the file as a whole is one or more texts, the records are these texts, and for arrays their
 * elements. Otherwise an invalid line costs only that line. If the invalid first line might be the beginning of a
 * broken text, later lines count as records only if they begin with a bracket, because parts of such a text rarely do.
 */
public final class JsonRecords implements Records {
    private final Lines lines;
    private final Reopen reopen;
    private Optional<JsonTexts> texts = Optional.empty();
    private boolean atStart = true;
    private boolean mayBeBroken;

    /** @param reopened opens the same lines again from the beginning */
    public JsonRecords(Lines lines, Reopen reopen) {
        this.lines = lines;
        this.reopen = reopen;
    }

    /** Opens a file again. */
    public interface Reopen {
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
        if (atStart
                && record instanceof FileRecord.Invalid
                && mayOpenText(line.text().strip())) {
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

    /** Whether a text that spans several lines may begin there. */
    private static boolean mayOpenText(String text) {
        return text.startsWith("{") || text.startsWith("[");
    }

    /** Whether the whole file is a sequence of JSON texts, regardless of line ends. */
    private boolean isTexts() throws IOException {
        try (Lines whole = reopen.lines()) {
            JsonText.checkAll(new LinesReader(whole));
            return true;
        } catch (JsonProcessingException | CharacterCodingException e) {
            return false;
        }
    }

    private FileRecord record(Line line) throws IOException {
        if (!line.isText()) {
            String fault = lines.encoding().problem();
            return new FileRecord.Invalid(line.number(), 1, FileRule.BAD_ENCODING, fault, line.bareBytes());
        }
        try {
            JsonText.check(new StringReader(line.bareText()));
            if (mayBeBroken && !mayOpenText(line.bareText())) {
                String reason = "it may be a part of the JSON text that the file begins with, which is broken";
                return new FileRecord.Invalid(line.number(), 1, FileRule.NOT_JSON, reason, line.bareBytes());
            }
            return new FileRecord.Valid(line.number(), 1, line.bareText(), Optional.empty());
        } catch (JsonProcessingException e) {
            String reason = "it is not one whole JSON text: " + e.getOriginalMessage();
            return new FileRecord.Invalid(line.number(), 1, FileRule.NOT_JSON, reason, line.bareBytes());
        }
    }
}
