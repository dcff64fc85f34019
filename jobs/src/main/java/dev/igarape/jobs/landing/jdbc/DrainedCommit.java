package dev.igarape.jobs.landing.jdbc;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.storage.AtomicFiles;
import dev.igarape.model.TableName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.hadoop.fs.Path;

/**
 * Which commit's rows were the last to be deleted from the outbox: an empty file {@code _drained/<commit id>} of the table's
 * ledger. The rows of a commit behind it may still be there, in the outbox that an empty file {@code _drained/of.<hash>} names.
 */
final class DrainedCommit {
    private static final String OUTBOX = "of.";

    private final AtomicFiles files;

    DrainedCommit(Lake lake, TableName table) throws IOException {
        this.files = new AtomicFiles(lake.hadoop(), new Path(lake.target().ledgerFolder(table), "_drained"));
    }

    boolean is(String commitId) throws IOException {
        return names().contains(commitId);
    }

    void record(String commitId) throws IOException {
        replace(commitId, name -> !name.startsWith(OUTBOX));
    }

    /** Whether rows that are not deleted yet are in this outbox, as far as is known. */
    boolean isOf(String outbox) throws IOException {
        List<String> known =
                names().stream().filter(name -> name.startsWith(OUTBOX)).toList();
        return known.isEmpty() || known.contains(OUTBOX + outbox);
    }

    /** Says that rows which are landed from now on are to be deleted from this outbox. */
    void isToBeOf(String outbox) throws IOException {
        replace(OUTBOX + outbox, name -> name.startsWith(OUTBOX));
    }

    private void replace(String by, Predicate<String> replaced) throws IOException {
        List<String> before = names();
        if (!before.contains(by)) {
            files.create(by, new byte[0]);
        }
        for (String name : before) {
            if (!name.equals(by) && replaced.test(name)) {
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
