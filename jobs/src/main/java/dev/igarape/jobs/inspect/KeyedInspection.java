package dev.igarape.jobs.inspect;

import dev.igarape.jobs.keyed.DeltaLogFolder;
import dev.igarape.jobs.keyed.LostVersion;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.DeltaChanges;
import dev.igarape.jobs.ledger.DeltaVersion;
import dev.igarape.jobs.ledger.ExpectationResult;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.maintenance.Compact;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.model.KeyedDefinition;
import dev.igarape.model.Table;
import dev.igarape.model.job.Inspected;
import dev.igarape.model.job.Inspected.Finding;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.Path;

/** Holds a table with keys against its ledger: its Delta table, and what it remembers besides. */
final class KeyedInspection {
    /** Commits that are looked at for other writers; a table that is built each second has this many in a few minutes. */
    private static final int LOOKED_AT = 200;

    /** Operations of Delta that change no row, whoever runs them; properties are looked at by themselves. */
    private static final Set<String> SAME_ROWS = Set.of("OPTIMIZE", "VACUUM START", "VACUUM END", "SET TBLPROPERTIES");

    private static final String DELETION_VECTORS = "delta.enableDeletionVectors";
    private static final String CHANGE_FEED = "delta.enableChangeDataFeed";

    private final Lake lake;
    private final Table table;
    private final Ledger ledger;
    private final LedgerState state;
    private final DeltaVersion version;
    private final Path folder;
    /** As it was when this was made; empty if the Delta table is gone. */
    private final Optional<DeltaLogFolder> log;

    /** @param version that the state names */
    KeyedInspection(Lake lake, Table table, Ledger ledger, LedgerState state, DeltaVersion version) throws IOException {
        this.lake = lake;
        this.table = table;
        this.ledger = ledger;
        this.state = state;
        this.version = version;
        this.folder = new Path(new TableLayout(lake.target(), table).deltaFolder(version));
        this.log = DeltaLogFolder.open(lake.files(), folder);
    }

    /** What keeps runs from going on; the table can't be looked at any further then. */
    Optional<Finding> lost() {
        return LostVersion.of(log, folder, version.version())
                .map(lost -> new Finding(true, lost.problem(), lost.remedy() + ", or " + anew()));
    }

    /** What is wrong with a table that is there. */
    List<Finding> findings() throws IOException {
        DeltaLogFolder commits = log.orElseThrow();
        List<Finding> findings = new ArrayList<>();
        otherWriters(commits).ifPresent(findings::add);
        commits.properties().ifPresent(properties -> findings.addAll(switchedOff(properties)));
        for (String kept : version.remembered()) {
            if (size(kept).isEmpty()) {
                findings.add(new Finding(
                        true,
                        "its folder " + path(kept) + ", with what it remembers beside its rows, is gone",
                        "Put the folder back from a backup or a snapshot of HDFS, or " + anew()));
            }
        }
        return findings;
    }

    private Optional<Finding> otherWriters(DeltaLogFolder commits) throws IOException {
        String others = commits.last(LOOKED_AT).stream()
                .filter(commit -> !commit.ofLake() && !SAME_ROWS.contains(commit.operation()))
                .map(commit -> commit.number() + " (" + commit.operation() + ")")
                .collect(Collectors.joining(", "));
        return others.isEmpty()
                ? Optional.empty()
                : Optional.of(new Finding(
                        true,
                        "another program has changed its Delta table " + folder + " in version " + others
                                + ", so its rows may not be those that its events make",
                        "Let nothing but the lake write there, and " + anew()));
    }

    private List<Finding> switchedOff(Map<String, String> properties) {
        List<Finding> findings = new ArrayList<>();
        if (!isOn(properties, DELETION_VECTORS)) {
            findings.add(new Finding(
                    true,
                    "deletion vectors were switched off for its Delta table, after which Trino may show rows that are"
                            + " deleted",
                    switchOn(DELETION_VECTORS)));
        }
        boolean wanted = ((KeyedDefinition) table.definition()).changeFeed();
        if (wanted && !isOn(properties, CHANGE_FEED)) {
            findings.add(new Finding(
                    true,
                    "it is to have a change feed, and its Delta table keeps none: it was built when the definition had"
                            + " none, or the feed was switched off",
                    switchOn(CHANGE_FEED) + " Then have readers of its changes read it whole once."));
        }
        return findings;
    }

    private static boolean isOn(Map<String, String> properties, String property) {
        return Boolean.parseBoolean(properties.get(property));
    }

    private String switchOn(String property) {
        return "In Spark: ALTER TABLE delta.`" + folder + "` SET TBLPROPERTIES ('" + property + "' = 'true').";
    }

    private String anew() {
        return "have the table computed again from its events, if its input still has all dates: delete its ledger "
                + lake.target().ledgerFolder(table.name()) + " and build all dates.";
    }

    /** How the table stands. */
    Inspected.Keyed status() throws IOException {
        Optional<DeltaLogFolder.Sums> sums = log.isPresent() ? log.get().sums() : Optional.empty();
        long remembered = 0;
        for (String kept : version.remembered()) {
            remembered += size(kept).orElse(0L);
        }
        return new Inspected.Keyed(
                folder.toString(),
                version.version(),
                changedAt(),
                sums.map(all -> new Inspected.Files(
                        all.files(), all.bytes(), all.hiddenRows(), Compact.smallFiles(all.files(), all.bytes()))),
                remembered,
                version.forgotten(),
                tooLate());
    }

    private Instant changedAt() throws IOException {
        DeltaChanges changes = state.deltaChanges().orElseThrow();
        long last = changes.since().values().stream().reduce(changes.any(), Long::max);
        return ledger.commit(last).committedAt();
    }

    private long tooLate() {
        return state.dates().stream()
                .flatMap(built -> built.build().expectations().stream())
                .filter(result -> result.name().equals(KeyedDefinition.LATE_RULE))
                .mapToLong(ExpectationResult::failed)
                .sum();
    }

    /** The bytes of a folder relative to the table's; empty if it is gone. */
    private Optional<Long> size(String relative) throws IOException {
        try {
            return Optional.of(lake.files().getContentSummary(path(relative)).getLength());
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    private Path path(String relative) {
        return new Path(new TableLayout(lake.target(), table).folder(), relative);
    }
}
