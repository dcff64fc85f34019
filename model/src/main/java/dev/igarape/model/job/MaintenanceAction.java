package dev.igarape.model.job;

import dev.igarape.model.TableName;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * One action of maintenance on a table, or on one date of it; in a dry run, one that would be done.
 *
 * @param what was done, e.g. {@code expired after 7 days}
 * @param files files that it is about
 * @param rows rows in them; 0 where they are not counted
 * @param bytes bytes in them
 * @param sequence the commit that records it; 0 where none does
 */
public record MaintenanceAction(
        TableName table, Optional<LocalDate> date, String what, long files, long rows, long bytes, long sequence) {
    /** The same action, recorded by this commit. */
    public MaintenanceAction at(long commit) {
        return new MaintenanceAction(table, date, what, files, rows, bytes, commit);
    }

    /** These actions, recorded by this commit. */
    public static List<MaintenanceAction> at(long commit, List<MaintenanceAction> actions) {
        return actions.stream().map(action -> action.at(commit)).toList();
    }
}
