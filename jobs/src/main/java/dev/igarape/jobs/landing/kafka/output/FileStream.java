package dev.igarape.jobs.landing.kafka.output;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;

/** Encoded records of one schema, written to one or more files for each date. */
public final class FileStream {
    private final DatedFiles files;
    private final String folder;
    private final int schemaId;
    private final Schema schema;
    private final Map<Long, DatedRows> byDay = new HashMap<>();
    private long lastDay = Long.MIN_VALUE;
    private DatedRows last;

    FileStream(DatedFiles files, String folder, int schemaId, Schema schema) {
        this.files = files;
        this.folder = folder;
        this.schemaId = schemaId;
        this.schema = schema;
    }

    String folder() {
        return folder;
    }

    int schemaId() {
        return schemaId;
    }

    Schema schema() {
        return schema;
    }

    /**
     * Appends a record to those of a day.
     *
     * @param day in days since the epoch
     * @param time of the record's event, in milliseconds since the epoch
     */
    public void append(long day, long time, byte[] encoded, int length) throws IOException {
        if (day != lastDay) {
            last = byDay.computeIfAbsent(day, key -> files.open(this, key));
            lastDay = day;
        }
        last.append(time, encoded, length);
    }

    /** Forgets a day whose files are all closed. */
    void forget(long day) {
        byDay.remove(day);
        lastDay = Long.MIN_VALUE;
    }
}
