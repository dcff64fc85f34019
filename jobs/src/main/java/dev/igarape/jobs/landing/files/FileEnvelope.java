package dev.igarape.jobs.landing.files;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;

/** Avro schema of a landed record of a file: the file and line, the text, and for CSV the cells by column. */
public final class FileEnvelope {
    private static final Schema JSON = SchemaBuilder.record("FileRecord")
            .namespace("dev.igarape.raw")
            .doc("A record of a file as received")
            .fields()
            .requiredString("file")
            .requiredLong("line")
            .requiredString("body")
            .endRecord();

    private static final Schema CSV = SchemaBuilder.record("FileRecord")
            .namespace("dev.igarape.raw")
            .doc("A record of a file as received")
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

    private FileEnvelope() {}

    /** @param format of the landing: {@code csv} or {@code json} */
    public static Schema schema(String format) {
        return format.equals("csv") ? CSV : JSON;
    }

    /** Hive types by column name. */
    static Map<String, String> columns(String format) {
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
