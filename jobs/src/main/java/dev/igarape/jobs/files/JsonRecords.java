package dev.igarape.jobs.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.jobs.http.JsonText;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * JSON files: each line is a JSON text, or the file as a whole is one. Which of them, the first line tells: where it is
 * no whole JSON text and the file is one, the file is one record. A line that is no JSON costs that line alone.
 */
final class JsonRecords implements Records {
    private final Lines lines;
    private boolean atStart = true;

    JsonRecords(Lines lines) {
        this.lines = lines;
    }

    @Override
    public Optional<FileRecord> next() throws IOException {
        while (true) {
            Optional<byte[]> next = lines.next();
            if (next.isEmpty()) {
                return Optional.empty();
            }
            byte[] line = atStart ? Utf8.withoutMark(next.get()) : next.get();
            if (Lines.isBlank(line)) {
                continue;
            }
            boolean first = atStart;
            atStart = false;
            long number = lines.number();
            FileRecord record = record(number, Lines.bare(line));
            if (first && record instanceof FileRecord.Bad) {
                Optional<FileRecord> whole = whole(number, line);
                if (whole.isPresent()) {
                    return whole;
                }
            }
            return Optional.of(record);
        }
    }

    /** The file as one record, if it is one; otherwise its lines are put back. */
    private Optional<FileRecord> whole(long number, byte[] first) throws IOException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        text.writeBytes(first);
        List<byte[]> more = new ArrayList<>();
        while (text.size() <= Lines.LONGEST) {
            Optional<byte[]> line = lines.next();
            if (line.isEmpty()) {
                FileRecord record = record(number, Lines.bare(text.toByteArray()));
                if (record instanceof FileRecord.Good) {
                    return Optional.of(record);
                }
                break;
            }
            more.add(line.get());
            text.writeBytes(line.get());
        }
        for (int i = more.size() - 1; i >= 0; i--) {
            lines.putBack(more.get(i));
        }
        return Optional.empty();
    }

    private static FileRecord record(long number, byte[] bytes) throws IOException {
        Optional<String> text = Utf8.decode(bytes);
        if (text.isEmpty()) {
            return new FileRecord.Bad(number, Rule.NOT_UTF8, "it is not UTF-8 text", bytes);
        }
        try {
            JsonText.check(new ByteArrayInputStream(bytes));
            return new FileRecord.Good(number, text.get(), Optional.empty());
        } catch (JsonProcessingException e) {
            String reason = "it is not one whole JSON text: " + e.getOriginalMessage();
            return new FileRecord.Bad(number, Rule.NOT_JSON, reason, bytes);
        }
    }
}
