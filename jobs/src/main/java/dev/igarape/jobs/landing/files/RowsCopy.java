package dev.igarape.jobs.landing.files;

import dev.igarape.jobs.landing.files.content.FileContent;
import dev.igarape.jobs.landing.files.folders.FoundFile;
import dev.igarape.jobs.landing.files.rows.AvroFileRows;
import dev.igarape.jobs.landing.files.rows.FileRows;
import dev.igarape.jobs.landing.files.rows.ParquetFileRows;
import dev.igarape.model.Source;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.conf.Configuration;

/** Copies files that have a schema of their own: Avro and Parquet. */
final class RowsCopy implements FileCopy {
    private static final int MAGIC = 512;

    private final Configuration hadoop;
    private final Source.Files source;
    private final LandedSchema schema;

    /** @param schema that a file's has to fit */
    RowsCopy(Configuration hadoop, Source.Files source, LandedSchema schema) {
        this.hadoop = hadoop;
        this.source = source;
        this.schema = schema;
    }

    @Override
    public Copied copy(FoundFile file, InputStream stored, FileOutputs out) throws IOException {
        try (FileRows rows = open(file, stored)) {
            Schema writer = rows.schema();
            schema.with(writer, file.name());
            Schema envelope = FileEnvelope.around(writer);
            out.begin(envelope);
            long line = 0;
            for (Optional<Object> next = rows.next(); next.isPresent(); next = rows.next()) {
                GenericRecord row = new GenericData.Record(envelope);
                row.put("file", file.name());
                row.put("line", ++line);
                row.put("value", next.get());
                out.row(row);
            }
            stored.transferTo(OutputStream.nullOutputStream());
            return new Copied(0, 0, Optional.of(writer), Optional.empty());
        }
    }

    private FileRows open(FoundFile file, InputStream stored) throws IOException {
        if (source.format().equals(Source.Files.AVRO)) {
            return new AvroFileRows(FileContent.avro(stored, file.name()), file.name());
        }
        FileContent.requireParquet(stored.readNBytes(MAGIC), file.name());
        // Parquet is not read from its beginning, but its version is told by all its bytes.
        stored.transferTo(OutputStream.nullOutputStream());
        return new ParquetFileRows(file.path(), hadoop, file.name());
    }
}
