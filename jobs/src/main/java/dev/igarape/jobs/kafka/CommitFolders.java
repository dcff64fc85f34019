package dev.igarape.jobs.kafka;

import dev.igarape.jobs.Lake;
import dev.igarape.jobs.landing.LandedFile;
import dev.igarape.jobs.landing.LandingResult;
import dev.igarape.jobs.landing.RangeResult;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.model.Table;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;

/**
 * The folders of a landing's commit. Tasks write below {@code _attempts}, each attempt on its own; only the files of
 * attempts that count are moved to where the commit will point, so that a zombie task can't add to them.
 */
final class CommitFolders {
    private final Lake lake;
    private final String commitId;
    private final Path main;
    private final Path quarantine;

    CommitFolders(Lake lake, Table table, String commitId) {
        TableLayout layout = new TableLayout(lake.target(), table);
        this.lake = lake;
        this.commitId = commitId;
        this.main = new Path(layout.folder(), commitId);
        this.quarantine = new Path(layout.quarantineFolder(), commitId);
    }

    Path output() {
        return main;
    }

    /** The commit's partitions. */
    record Settled(List<PartitionVersion> partitions, List<PartitionVersion> quarantine) {}

    /** Moves the files that count to their partitions and removes the attempts. */
    Settled settle(LandingResult landed) throws IOException {
        Map<LocalDate, Tally> rows = new TreeMap<>();
        Map<LocalDate, Tally> kept = new TreeMap<>();
        Set<Path> made = new HashSet<>();
        for (RangeResult range : landed.ranges()) {
            for (LandedFile file : range.files()) {
                move(range, file, main, made, rows);
            }
            for (LandedFile file : range.quarantineFiles()) {
                move(range, file, quarantine, made, kept);
            }
        }
        lake.files().delete(new Path(main, "_attempts"), true);
        return new Settled(versions(rows), versions(kept));
    }

    private void move(RangeResult range, LandedFile file, Path folder, Set<Path> made, Map<LocalDate, Tally> tallies)
            throws IOException {
        Path partition = new Path(folder, "date=" + file.date());
        if (made.add(partition)) {
            lake.files().mkdirs(partition);
        }
        Path from = new Path(range.folder(), file.path());
        Path to = new Path(partition, from.getName());
        if (!lake.files().rename(from, to)) {
            throw new IOException("cannot move " + from + " to " + to);
        }
        tallies.computeIfAbsent(file.date(), d -> new Tally()).add(file);
    }

    private List<PartitionVersion> versions(Map<LocalDate, Tally> tallies) {
        List<PartitionVersion> versions = new ArrayList<>();
        tallies.forEach((date, tally) -> versions.add(new PartitionVersion(
                date, Optional.of(commitId), commitId + "/date=" + date, tally.files, tally.rows, tally.bytes)));
        return versions;
    }

    private static final class Tally {
        private int files;
        private long rows;
        private long bytes;

        private void add(LandedFile file) {
            files++;
            rows += file.rows();
            bytes += file.bytes();
        }
    }
}
