package dev.igarape.jobs.landing.files;

import dev.igarape.jobs.landing.files.content.CsvRecords;
import dev.igarape.jobs.landing.files.content.FileContent;
import dev.igarape.jobs.landing.files.content.FileRecord;
import dev.igarape.jobs.landing.files.content.JsonRecords;
import dev.igarape.jobs.landing.files.content.Lines;
import dev.igarape.jobs.landing.files.content.Records;
import dev.igarape.jobs.landing.files.content.TextRecords;
import dev.igarape.jobs.landing.files.folders.FoundFile;
import dev.igarape.model.Source;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;

/** Copies files of text: CSV, JSON and plain lines. */
final class TextCopy implements FileCopy {
    private final Configuration hadoop;
    private final Source.Files source;
    private final Schema schema;

    TextCopy(Configuration hadoop, Source.Files source) {
        this.hadoop = hadoop;
        this.source = source;
        this.schema = FileEnvelope.fixed(source).orElseThrow();
    }

    @Override
    public Copied copy(FoundFile file, InputStream stored, FileOutputs out) throws IOException {
        out.begin(schema);
        long blank = 0;
        try (Lines lines = lines(stored, file)) {
            Records records = records(lines, file);
            long recordLines = 0;
            for (Optional<FileRecord> next = records.next(); next.isPresent(); next = records.next()) {
                recordLines += next.get().lines();
                if (next.get() instanceof FileRecord.Valid record) {
                    out.row(row(file, record));
                } else if (next.get() instanceof FileRecord.Invalid record) {
                    out.refuse(record.line(), record.rule(), record.reason(), record.bytes());
                } else if (next.get() instanceof FileRecord.Blank) {
                    blank++;
                }
            }
            if (recordLines != lines.count()) {
                throw new IllegalStateException(
                        file.path() + " has " + lines.count() + " lines, but its records have " + recordLines);
            }
            stored.transferTo(OutputStream.nullOutputStream());
        }
        return new Copied(blank, 0, Optional.empty(), Optional.empty());
    }

    private Lines lines(InputStream stored, FoundFile file) throws IOException {
        return Lines.of(FileContent.of(stored, file.name()), charset(), file.name());
    }

    private Charset charset() {
        try {
            return Charset.forName(source.encoding());
        } catch (UnsupportedCharsetException e) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    "this machine's Java does not know the encoding " + source.encoding()
                            + ". Have it run by one with the module jdk.charsets.",
                    e);
        }
    }

    private Records records(Lines lines, FoundFile file) {
        return switch (source.format()) {
            case "csv" -> new CsvRecords(lines, source.delimiter().charAt(0), source.header());
            case "text" -> new TextRecords(lines);
            default -> new JsonRecords(lines, () -> lines(file.open(hadoop), file));
        };
    }

    private GenericRecord row(FoundFile file, FileRecord.Valid record) {
        GenericRecord row = new GenericData.Record(schema);
        row.put("file", file.name());
        row.put("line", record.line());
        row.put("body", record.body());
        record.row().ifPresent(cells -> row.put("row", cells));
        return row;
    }
}
