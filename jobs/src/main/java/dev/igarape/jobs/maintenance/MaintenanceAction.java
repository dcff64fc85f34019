package dev.igarape.jobs.maintenance;

import dev.igarape.jobs.ledger.Commit;
import dev.igarape.model.TableName;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A maintenance action on a table or one date of it; in a dry run, what would be done.
 *
 * @param what the action, e.g. {@code expired after 7 days}
 * @param files number of affected files
 * @param rows number of rows in them; 0 if they are not counted
 * @param bytes size of the files
 * @param sequence the commit that records it; 0 if none
 */
public record MaintenanceAction(
        TableName table, Optional<LocalDate> date, String what, long files, long rows, long bytes, long sequence) {
    MaintenanceAction at(long commit) {
        return new MaintenanceAction(table, date, what, files, rows, bytes, commit);
    }

    /** These actions, as a commit records them. */
    static List<MaintenanceAction> at(Commit commit, List<MaintenanceAction> actions) {
        return actions.stream().map(action -> action.at(commit.sequence())).toList();
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
