package dev.igarape.jobs.keyed;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.testing.Killed;
import java.io.IOException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Path;

/** Where a step of a table with keys dies: between each two of what it writes. */
enum Death {
    /** Nothing is written. */
    PLANNED,
    /** What the step remembers stands beside the table, which has no commit. Only of a step that puts rows into quarantine. */
    REMEMBERED,
    /** The Delta table has a commit, the ledger no entry. */
    WRITTEN,
    /** The ledger's entry has no number yet. */
    PREPARED,
    /** The ledger has the entry, and the metastore does not show it. */
    COMMITTED;

    /** The lake, in which a step dies there. */
    Lake in(CustomerLake customers) throws IOException {
        if (this != REMEMBERED) {
            return customers.open(Killed.at(Step.valueOf(name())));
        }
        Lake lake = customers.open(Step.Listener.NONE);
        return new Lake(
                lake.manifest(),
                lake.target(),
                lake.hadoop(),
                new BeforeTheTable(lake.files()),
                lake.clock(),
                lake.runId(),
                lake.steps());
    }

    /** A step counts the rows that it has put into quarantine after it has written what it remembers, and before it commits. */
    private static final class BeforeTheTable extends FilterFileSystem {
        private BeforeTheTable(FileSystem files) {
            super(files);
        }

        @Override
        public FileStatus[] listStatus(Path folder) throws IOException {
            if (folder.toString().contains("quarantine/")) {
                throw Killed.now();
            }
            return super.listStatus(folder);
        }
    }
}
