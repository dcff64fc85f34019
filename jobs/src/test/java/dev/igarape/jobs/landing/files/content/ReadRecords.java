package dev.igarape.jobs.landing.files.content;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Records read from a text in memory, and shown as text. */
final class ReadRecords {
    private ReadRecords() {}

    static long ended(Records records) throws IOException {
        long ended = 0;
        for (Optional<FileRecord> next = records.next(); next.isPresent(); next = records.next()) {
            ended += next.get().lines();
        }
        return ended;
    }

    static List<String> csv(String text, char delimiter) throws IOException {
        return shown(new CsvRecords(lines(text.getBytes(StandardCharsets.UTF_8)), delimiter, List.of()));
    }

    static List<String> json(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return shown(new JsonRecords(lines(bytes), () -> lines(bytes)));
    }

    static Lines lines(InputStream content) throws IOException {
        return Lines.of(content, StandardCharsets.UTF_8, "test");
    }

    static Lines lines(byte[] bytes) throws IOException {
        return lines(bytes, StandardCharsets.UTF_8);
    }

    static Lines lines(byte[] bytes, Charset charset) throws IOException {
        return Lines.of(new ByteArrayInputStream(bytes), charset, "test");
    }

    /** All but what stands around records. */
    static List<String> shown(Records records) throws IOException {
        List<String> shown = new ArrayList<>();
        for (Optional<FileRecord> next = records.next(); next.isPresent(); next = records.next()) {
            if (next.get() instanceof FileRecord.Valid good) {
                shown.add(good.line() + " " + good.row().map(Object::toString).orElse(good.body()));
            } else if (next.get() instanceof FileRecord.Invalid bad) {
                shown.add(bad.line() + " " + bad.rule() + ": " + bad.reason() + " ["
                        + new String(bad.bytes(), StandardCharsets.UTF_8) + "]");
            } else if (next.get() instanceof FileRecord.Blank blank) {
                shown.add(blank.line() + " blank");
            }
        }
        return shown;
    }
}
