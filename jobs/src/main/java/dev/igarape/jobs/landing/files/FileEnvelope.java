package dev.igarape.jobs.landing.files;

import dev.igarape.jobs.landing.kafka.datum.EnvelopeSchema;
import dev.igarape.model.Source;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;

/**
 * Avro schema of a landed record of a file: the file and line, and what the record is. That is its text, and for CSV the
 * cells by column; the value in its own schema; or an event of Event Hubs.
 */
public final class FileEnvelope {
    private static final String NAME = "FileRecord";
    private static final String NAMESPACE = "dev.igarape.raw";
    private static final String DOC = "A record of a file as received";

    private static final Schema TEXT = SchemaBuilder.record(NAME)
            .namespace(NAMESPACE)
            .doc(DOC)
            .fields()
            .requiredString("file")
            .requiredLong("line")
            .requiredString("body")
            .endRecord();

    private static final Schema CSV = SchemaBuilder.record(NAME)
            .namespace(NAMESPACE)
            .doc(DOC)
            .fields()
            .requiredString("file")
            .requiredLong("line")
            .requiredString("body")
            .name("row")
            .type()
            .map()
            .values()
            .nullable()
            .stringType()
            .noDefault()
            .endRecord();

    private static final Schema EVENT = new Schema.Parser().parse("""
            {"type": "record", "name": "CapturedEvent", "namespace": "dev.igarape.raw",
             "doc": "An event of a file that Event Hubs has captured", "fields": [
              {"name": "file", "type": "string"},
              {"name": "line", "type": "long"},
              {"name": "event_hub", "type": "string"},
              {"name": "partition", "type": "int"},
              {"name": "sequence_number", "type": "long"},
              {"name": "offset", "type": "string"},
              {"name": "enqueued_time", "type": {"type": "long", "logicalType": "timestamp-millis"}},
              {"name": "system_properties", "type": {"type": "map", "values": ["null", "string"]}},
              {"name": "properties", "type": {"type": "map", "values": ["null", "string"]}},
              {"name": "body", "type": ["null", "bytes"], "default": null}]}
            """);

    private FileEnvelope() {}

    /** The schema of all rows of a source whose files do not say it; empty for Avro and Parquet. */
    static Optional<Schema> fixed(Source.Files source) {
        if (source.isEventHubs()) {
            return Optional.of(EVENT);
        }
        return source.isBinary()
                ? Optional.empty()
                : Optional.of(source.format().equals("csv") ? CSV : TEXT);
    }

    /** The schema of rows with this value. */
    static Schema around(Schema value) {
        return EnvelopeSchema.around(
                NAME,
                DOC,
                List.of(
                        new Schema.Field("file", Schema.create(Schema.Type.STRING)),
                        new Schema.Field("line", Schema.create(Schema.Type.LONG), "Its place in the file, from 1")),
                value);
    }

    /** Hive types by column name, of text files. */
    static Map<String, String> textColumns(String format) {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("file", "string");
        columns.put("line", "bigint");
        columns.put("body", "string");
        if (format.equals("csv")) {
            columns.put("row", "map<string,string>");
        }
        return Collections.unmodifiableMap(columns);
    }
}
