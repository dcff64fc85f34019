package dev.igarape.jobs.current;

import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Counts of the changes of a step.
 *
 * @param byDate how many events of a date change something
 * @param deletions how many of them delete a key, also one that has no row
 * @param ofRows how many rows of the table change
 */
record ChangeCounts(Map<LocalDate, Long> byDate, long deletions, long ofRows) {
    /** @param changes as {@link Latest} gives them */
    static ChangeCounts of(Dataset<Row> changes) {
        Map<LocalDate, Long> byDate = new HashMap<>();
        long deletions = 0;
        long ofRows = 0;
        for (Row row : changes.groupBy(Latest.CHANGE, Events.DATE).count().collectAsList()) {
            String change = row.getString(0);
            long count = row.getLong(2);
            if (!change.equals(Latest.WITHDRAW)) {
                byDate.merge(row.getLocalDate(1), count, Long::sum);
            }
            deletions += change.equals(Latest.DELETE) || change.equals(Latest.DELETE_NOTHING) ? count : 0;
            ofRows += change.equals(Latest.DELETE_NOTHING) ? 0 : count;
        }
        return new ChangeCounts(byDate, deletions, ofRows);
    }
}
