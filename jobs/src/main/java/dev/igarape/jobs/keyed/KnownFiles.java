package dev.igarape.jobs.keyed;

import dev.igarape.jobs.kind.Resources;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.VersionChecksum;
import org.apache.spark.sql.delta.actions.AddFile;
import scala.Option;

/**
 * The files of Delta tables as this process has left them, so that its next step need not have Delta replay the log. What another
 * process commits is another version, of which nothing is known here. May be used by several threads.
 */
final class KnownFiles implements Resources.Resource {
    /** Of all tables together; each takes a kilobyte or, with statistics of many columns, a few. */
    private static final int MOST = 10_000;

    /** By the path of the log; what was asked for last is last. */
    private final Map<String, Version> versions = new LinkedHashMap<>(16, 0.75f, true);

    /**
     * @param transaction Delta's id of the commit, which no other shares: where an older copy of a table is put back and a step is done
     *     again, its commit has the number, and files of the size, of one that is gone
     */
    private record Version(String transaction, List<AddFile> files) {
        boolean isOf(Snapshot snapshot) {
            Option<VersionChecksum> checksum = snapshot.checksumOpt();
            return checksum.isDefined()
                    && checksum.get().txnId().contains(transaction)
                    // What Delta counts itself, for a second witness.
                    && checksum.get().numFiles() == files.size()
                    && checksum.get().tableSizeBytes()
                            == files.stream().mapToLong(AddFile::size).sum();
        }
    }

    /** All files of a version; empty where it is not known. */
    synchronized Optional<List<AddFile>> of(Snapshot snapshot) {
        return Optional.ofNullable(versions.get(snapshot.path().toString()))
                .filter(version -> version.isOf(snapshot))
                .map(Version::files);
    }

    /** Keeps the files of the version that a transaction has made. */
    synchronized void keep(OptimisticTransaction transaction, List<AddFile> files) {
        versions.put(transaction.snapshot().path().toString(), new Version(transaction.txnId(), List.copyOf(files)));
        long all = versions.values().stream()
                .mapToLong(known -> known.files().size())
                .sum();
        Iterator<Version> oldest = versions.values().iterator();
        while (all > MOST) {
            all -= oldest.next().files().size();
            oldest.remove();
        }
    }

    @Override
    public synchronized void close() {
        versions.clear();
    }
}
