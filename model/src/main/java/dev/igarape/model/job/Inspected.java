package dev.igarape.model.job;

import dev.igarape.model.TableName;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How a table stands, and what somebody should look at.
 *
 * @param kind as in {@code pipeline.yaml}
 * @param last the last commit; empty before the first, and of a view
 * @param dates how many dates have each status, as a plan has them, or {@code landed}
 * @param rows of the table; empty of views, and of a table with keys, of which the ledger does not count them
 * @param quarantined rows in quarantine
 * @param keyed of a table with keys that has been built
 */
public record Inspected(
        TableName table,
        String kind,
        Optional<LastCommit> last,
        Map<String, Long> dates,
        Optional<Long> rows,
        long quarantined,
        Optional<Keyed> keyed,
        List<Finding> findings) {
    /** The last commit of a ledger. */
    public record LastCommit(long sequence, Instant at) {}

    /**
     * A table with keys, and the Delta table that holds its rows.
     *
     * @param folder of the Delta table, a URI
     * @param version of the Delta table that the ledger names
     * @param changedAt when a commit has last changed rows
     * @param files empty where the last version was written by a program that sums up nothing
     * @param remembered bytes beside the rows, of what a step has to know besides: deletions, last values of columns, events
     * @param forgotten the greatest time of a deletion that is remembered no more, as ISO-8601 has it
     * @param tooLate rows in quarantine that came too late to tell whether their key was deleted after them
     */
    public record Keyed(
            String folder,
            long version,
            Instant changedAt,
            Optional<Files> files,
            long remembered,
            Optional<String> forgotten,
            long tooLate) {}

    /**
     * The files of a Delta table.
     *
     * @param hiddenRows rows in these files that deletion vectors hide
     * @param small how many of them, at least, are so small that a compaction merges any two
     */
    public record Files(long files, long bytes, long hiddenRows, long small) {
        /** Whether there are several small ones for certain, which a compaction makes fewer. */
        public boolean areDueForCompaction() {
            return small >= 2;
        }
    }

    /**
     * What somebody should look at.
     *
     * @param failed whether it is a fault; otherwise it may end by itself
     * @param problem a sentence without a full stop, after the table's name
     * @param remedy what to do
     */
    public record Finding(boolean failed, String problem, String remedy) {}

    public Inspected {
        dates = Collections.unmodifiableMap(new LinkedHashMap<>(dates));
        findings = List.copyOf(findings);
    }

    /** The same table with so many rows. */
    public Inspected withRows(long counted) {
        return new Inspected(table, kind, last, dates, Optional.of(counted), quarantined, keyed, findings);
    }
}
