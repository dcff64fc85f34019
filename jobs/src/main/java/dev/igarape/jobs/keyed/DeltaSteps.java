package dev.igarape.jobs.keyed;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.DeltaVersion;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.model.KeyedDefinition;
import dev.igarape.model.Table;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** Commits to the Delta table of a table with keys, which decide; the ledger's entries follow them. */
public final class DeltaSteps {
    private final Lake lake;
    private final Table table;

    public DeltaSteps(Lake lake, Table table) {
        this.lake = lake;
        this.table = table;
    }

    /**
     * Records the entries of runs that died after they had committed to the Delta table, or are about to record them
     * themselves.
     *
     * @param state that the caller has read; it need not be the newest
     * @return whether there are commits behind it, so that it has to be read again
     * @throws dev.igarape.model.error.LakeException (EXPECTATION) if the Delta table is gone, or an older copy of it is there
     */
    public boolean record(Ledger ledger, LedgerState state) throws IOException {
        if (state.delta().isEmpty()) {
            return false;
        }
        DeltaVersion known = state.delta().get();
        List<KeyedTable.Logged> logged = loggedAfter(known);
        // Others may have recorded some of them, or built the table anew in another folder, since this state was read.
        LedgerState now = ledger.read();
        for (KeyedTable.Logged one : logged) {
            boolean isMissing = now.delta()
                    .filter(last -> last.folder().equals(known.folder()) && last.version() < one.version())
                    .isPresent();
            if (isMissing) {
                DeltaVersion version = one.entry().delta().orElseThrow();
                ledger.commit(one.entry().with(version.at(one.version())), now);
                now = ledger.read();
            }
        }
        return !logged.isEmpty();
    }

    /** How many commits of the Delta table follow the last one that this state knows. LakeException as of {@link #record}. */
    public int unrecorded(LedgerState state) throws IOException {
        return state.delta().isPresent() ? loggedAfter(state.delta().get()).size() : 0;
    }

    private List<KeyedTable.Logged> loggedAfter(DeltaVersion known) throws IOException {
        Path folder = folder(known);
        // The file of the last commit stays, however old it is; that of one before it need not.
        if (!lake.files().exists(KeyedTable.log(folder, known.version()))) {
            Optional<LostVersion> lost =
                    LostVersion.of(DeltaLogFolder.open(lake.files(), folder), folder, known.version());
            if (lost.isPresent()) {
                // A step on it would commit as if it had the events that only the lost versions have.
                throw lost.get().error(table.name());
            }
        }
        return KeyedTable.loggedAfter(lake.files(), folder, known.version());
    }

    /**
     * Writes the rows anew, sorted by key, in so many files of a range each.
     *
     * @param known the version that bears them
     * @param entry with {@link DeltaVersion#rewritten} of it
     * @return the entry with the version that it made; empty if another writer came first
     */
    public Optional<Commit> sort(SparkSession spark, DeltaVersion known, Commit entry, int files) throws IOException {
        DeltaVersion next = entry.delta().orElseThrow();
        KeyedDefinition definition = (KeyedDefinition) table.definition();
        KeyedTable rows = new KeyedTable(
                spark.newSession(),
                lake.files(),
                folder(known),
                definition.changeFeed(),
                Fold.of(table),
                new KnownFiles());
        return rows.sort(entry, known.version(), next.transaction(), files).map(number -> entry.with(next.at(number)));
    }

    private Path folder(DeltaVersion version) {
        return new Path(new TableLayout(lake.target(), table).folder(), version.folder());
    }
}
