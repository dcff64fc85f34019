package dev.igarape.jobs.ledger;

import java.util.ArrayList;
import java.util.List;

/**
 * The version of a Delta table that holds after a commit.
 *
 * @param folder of the Delta table, relative to the folder of its table in the lake; another one once it was built anew
 * @param version of the Delta table's own log, from 0
 * @param transaction number of the last step that is in it, from 1: two steps on the same version have the same number, of
 *     which Delta takes one
 * @param deleted folders with the deleted keys and the sequence of each deletion, Parquet, relative likewise; of a key that
 *     is in several, the greatest sequence holds
 */
public record DeltaVersion(String folder, long version, long transaction, List<String> deleted) {
    public DeltaVersion {
        deleted = List.copyOf(deleted);
    }

    /** The same rows in another version of Delta's log. */
    public DeltaVersion at(long other) {
        return new DeltaVersion(folder, other, transaction, deleted);
    }

    /** All folders that it needs. */
    public List<String> folders() {
        List<String> folders = new ArrayList<>(deleted);
        folders.add(folder);
        return folders;
    }
}
