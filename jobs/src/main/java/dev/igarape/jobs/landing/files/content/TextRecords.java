package dev.igarape.jobs.landing.files.content;

import java.io.IOException;
import java.util.Optional;

/** Records of text: each line is one. */
public final class TextRecords implements Records {
    private final Lines lines;

    public TextRecords(Lines lines) {
        this.lines = lines;
    }

    @Override
    public Optional<FileRecord> next() throws IOException {
        return lines.next().map(line -> {
            if (line.isEmpty()) {
                return new FileRecord.Blank(line.number());
            }
            return line.isText()
                    ? new FileRecord.Valid(line.number(), 1, line.bareText(), Optional.empty())
                    : new FileRecord.Invalid(
                            line.number(),
                            1,
                            FileRule.BAD_ENCODING,
                            lines.encoding().problem(),
                            line.bareBytes());
        });
    }
}
