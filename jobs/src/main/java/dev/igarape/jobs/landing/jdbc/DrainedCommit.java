package dev.igarape.jobs.landing.jdbc;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.storage.AtomicFiles;
import dev.igarape.model.TableName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.Path;

/**
 * Which commit's rows were the last to be deleted from the outbox: an empty file {@code _drained/<commit id>} of the table's
 * ledger. The rows of a commit behind it may still be there.
 */
final class DrainedCommit {
    private final AtomicFiles files;

    DrainedCommit(Lake lake, TableName table) throws IOException {
        this.files = new AtomicFiles(lake.hadoop(), new Path(lake.target().ledgerFolder(table), "_drained"));
    }

    boolean is(String commitId) throws IOException {
        return names().contains(commitId);
    }

    void record(String commitId) throws IOException {
        List<String> before = names();
        files.create(commitId, new byte[0]);
        for (String name : before) {
            if (!name.equals(commitId)) {
                files.delete(name);
            }
        }
    }

    private List<String> names() throws IOException {
        List<String> names = new ArrayList<>();
        files.names().forEach(names::add);
        return names;
    }
}
