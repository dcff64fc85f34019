package dev.igarape.jobs.landing.kafka;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.landing.kafka.copy.LandingResult;
import dev.igarape.jobs.landing.kafka.copy.RangeResult;
import dev.igarape.jobs.landing.kafka.output.LandedFile;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.TimeRange;
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

    /**
     * Moves the files that count to their partitions and removes the attempts.
     *
     * @param named tells the further partition of each file
     */
    Settled settle(LandingResult landed, NamedPartitions named) throws IOException {
        Map<String, Tally> rows = new TreeMap<>();
        Map<String, Tally> kept = new TreeMap<>();
        Set<Path> made = new HashSet<>();
        for (RangeResult range : landed.ranges()) {
            for (LandedFile file : range.files()) {
                move(range, file, main, named.of(range, file), made, rows);
            }
            for (LandedFile file : range.quarantineFiles()) {
                move(range, file, quarantine, Optional.empty(), made, kept);
            }
        }
        lake.files().delete(new Path(main, "_attempts"), true);
        return new Settled(versions(rows), versions(kept));
    }

    /**
     * Moves the files that a replay of quarantined records wrote. What it keeps out stays under the quarantine partition
     * that it came from, which may hold nothing any more.
     *
     * @param replayed results by the quarantine partition that was read
     * @param named as above
     */
    Settled settle(Map<PartitionVersion.Key, List<RangeResult>> replayed, NamedPartitions named) throws IOException {
        Map<String, Tally> rows = new TreeMap<>();
        Set<Path> made = new HashSet<>();
        List<PartitionVersion> kept = new ArrayList<>();
        for (Map.Entry<PartitionVersion.Key, List<RangeResult>> source : replayed.entrySet()) {
            PartitionVersion.Key key = source.getKey();
            String path = "date=" + key.date() + "/batch=" + key.batch().orElseThrow();
            Tally tally = new Tally(key.date(), Optional.empty());
            for (RangeResult range : source.getValue()) {
                for (LandedFile file : range.files()) {
                    move(range, file, main, named.of(range, file), made, rows);
                }
                for (LandedFile file : range.quarantineFiles()) {
                    move(new Path(range.folder(), file.path()), new Path(quarantine, path), made);
                    tally.add(file);
                }
            }
            kept.add(
                    tally.files == 0
                            ? PartitionVersion.emptied(key)
                            : new PartitionVersion(
                                    key.date(),
                                    key.batch(),
                                    commitId + "/" + path,
                                    tally.files,
                                    tally.rows,
                                    tally.bytes));
        }
        lake.files().mkdirs(new Path(quarantine.getParent(), PartitionVersion.EMPTY_FOLDER));
        lake.files().delete(new Path(main, "_attempts"), true);
        return new Settled(versions(rows), kept);
    }

    /** Removes all that was written. */
    void discard() throws IOException {
        lake.files().delete(main, true);
        lake.files().delete(quarantine, true);
    }

    private void move(
            RangeResult range,
            LandedFile file,
            Path folder,
            Optional<NamedPartitions.Name> name,
            Set<Path> made,
            Map<String, Tally> tallies)
            throws IOException {
        String partition =
                "date=" + file.date() + name.map(named -> "/" + named).orElse("");
        move(new Path(range.folder(), file.path()), new Path(folder, partition), made);
        tallies.computeIfAbsent(partition, path -> new Tally(file.date(), name.map(NamedPartitions.Name::value)))
                .add(file);
    }

    private void move(Path from, Path partition, Set<Path> made) throws IOException {
        if (made.add(partition)) {
            lake.files().mkdirs(partition);
        }
        Path to = new Path(partition, from.getName());
        if (!lake.files().rename(from, to)) {
            throw new IOException("cannot move " + from + " to " + to);
        }
    }

    private List<PartitionVersion> versions(Map<String, Tally> tallies) {
        List<PartitionVersion> versions = new ArrayList<>();
        tallies.forEach((name, tally) -> versions.add(new PartitionVersion(
                        tally.date,
                        Optional.of(commitId),
                        tally.recordName,
                        commitId + "/" + name,
                        tally.files,
                        tally.rows,
                        tally.bytes)
                .of(Optional.of(TimeRange.ofMillis(tally.first, tally.last)))));
        return versions;
    }

    private static final class Tally {
        private final LocalDate date;
        private final Optional<String> recordName;
        private int files;
        private long rows;
        private long bytes;
        private long first = Long.MAX_VALUE;
        private long last = Long.MIN_VALUE;

        private Tally(LocalDate date, Optional<String> recordName) {
            this.date = date;
            this.recordName = recordName;
        }

        private void add(LandedFile file) {
            files++;
            rows += file.rows();
            bytes += file.bytes();
            first = Math.min(first, file.first());
            last = Math.max(last, file.last());
        }
    }
}
