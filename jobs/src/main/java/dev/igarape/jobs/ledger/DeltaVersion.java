package dev.igarape.jobs.ledger;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The version of a Delta table that holds after a commit.
 *
 * @param folder of the Delta table, relative to the folder of its table in the lake; another one once it was built anew
 * @param version of the Delta table's own log, from 0
 * @param transaction number of the last step or sort that is in it, from 1: two on the same version have the same number, of
 *     which Delta takes one
 * @param remembered folders with what a step has to know besides the rows, Parquet, relative likewise: of a current table the
 *     deleted keys and the sequence of each deletion, of a history all events. Of what is in several, the greatest sequence
 *     holds
 * @param changedSince of a history, the first local date for which the step has changed what holds; empty: it has changed
 *     nothing, or no such date is known
 * @param sameRows whether the step has changed no row; left out where it has
 * @param forgotten of a current table that remembers deletions for a time: the greatest time of one that is remembered no more,
 *     as ISO-8601 has it; empty: none was dropped since the table was built anew
 */
public record DeltaVersion(
        String folder,
        long version,
        long transaction,
        List<String> remembered,
        Optional<LocalDate> changedSince,

        @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean sameRows,
        Optional<String> forgotten) {
    public DeltaVersion {
        remembered = List.copyOf(remembered);
    }

    /** Without a date since when it has changed. */
    public DeltaVersion(String folder, long version, long transaction, List<String> remembered) {
        this(folder, version, transaction, remembered, Optional.empty());
    }

    /** Of a step that has changed rows. */
    public DeltaVersion(
            String folder, long version, long transaction, List<String> remembered, Optional<LocalDate> changedSince) {
        this(folder, version, transaction, remembered, changedSince, false, Optional.empty());
    }

    /** This version, of a step that has changed no row. */
    public DeltaVersion ofSameRows() {
        return new DeltaVersion(folder, version, transaction, remembered, Optional.empty(), true, forgotten);
    }

    /** The same rows in another version of Delta's log. */
    public DeltaVersion at(long other) {
        return new DeltaVersion(folder, other, transaction, remembered, changedSince, sameRows, forgotten);
    }

    /** The same rows, written anew in the next version, with a number that no step on the same version can use. */
    public DeltaVersion rewritten() {
        return new DeltaVersion(folder, version + 1, transaction + 1, remembered, Optional.empty(), true, forgotten);
    }

    /** The same rows, for which this is remembered, and deletions up to a time are not. */
    public DeltaVersion remembering(List<String> folders, Optional<String> upTo) {
        return new DeltaVersion(folder, version, transaction, folders, changedSince, sameRows, upTo);
    }

    /** All folders that it needs. */
    public List<String> folders() {
        List<String> folders = new ArrayList<>(remembered);
        folders.add(folder);
        return folders;
    }
}
