package dev.igarape.jobs.landing.kafka.copy;

import dev.igarape.jobs.landing.kafka.output.LandedFile;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.fs.Path;

/** Reads what a landing has written, with Avro's own reader. */
final class LandedRows {
    private LandedRows() {}

    /** All rows of some files, by offset; checks each file's row count and size on the way. */
    static List<GenericRecord> read(RangeResult result, List<LandedFile> files) {
        List<GenericRecord> rows = new ArrayList<>();
        for (LandedFile file : files) {
            List<GenericRecord> own = read(result, file);
            if (own.size() != file.rows()) {
                throw new AssertionError(file + " has " + own.size() + " rows");
            }
            rows.addAll(own);
        }
        rows.sort(Comparator.comparingLong(row -> (Long) row.get("offset")));
        return rows;
    }

    static List<GenericRecord> read(RangeResult result, LandedFile file) {
        File path = new File(new Path(result.folder(), file.path()).toUri().getPath());
        if (path.length() != file.bytes()) {
            throw new AssertionError(file + " has " + path.length() + " bytes");
        }
        List<GenericRecord> rows = new ArrayList<>();
        try (DataFileReader<GenericRecord> reader = new DataFileReader<>(path, new GenericDatumReader<>())) {
            reader.forEach(rows::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return rows;
    }
}
