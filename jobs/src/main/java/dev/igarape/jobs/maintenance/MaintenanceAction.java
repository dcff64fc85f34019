package dev.igarape.jobs.maintenance;

import dev.igarape.model.TableName;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What upkeep did to a table, or to one date of it; in a dry run, what it would do.
 *
 * @param what it did, e.g. {@code expired after 7 days}
 * @param files that it is about
 * @param rows in them; 0 where they are not counted
 * @param bytes in them
 * @param sequence the commit that records it; 0 where none does
 */
public record MaintenanceAction(
        TableName table, Optional<LocalDate> date, String what, long files, long rows, long bytes, long sequence) {
    MaintenanceAction at(long commit) {
        return new MaintenanceAction(table, date, what, files, rows, bytes, commit);
    }

    /** The fields of a line of output. */
    public Map<String, Object> toMap() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("table", table.toString());
        date.ifPresent(day -> fields.put("date", day.toString()));
        fields.put("what", what);
        fields.put("files", files);
        fields.put("rows", rows);
        fields.put("bytes", bytes);
        fields.put("sequence", sequence);
        return fields;
    }
}
