package dev.igarape.jobs.landing.files;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.landing.files.folders.Discovery;
import dev.igarape.jobs.landing.files.folders.FileSearch;
import dev.igarape.jobs.landing.files.folders.FoundFile;
import dev.igarape.jobs.landing.files.folders.Reach;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.Consumed;
import dev.igarape.jobs.ledger.LandingWatermark;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.CommitLoop;
import dev.igarape.jobs.publish.Publishing;
import dev.igarape.jobs.quarantine.AllRefused;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Lands files of a folder, each once, as Avro partitioned by (date, batch), where each file has a batch of its own;
 * needs no Spark session.
 *
 * <p>The commit says which versions of which files it took: length, time and SHA-256, by path. A file that was touched but
 * holds the same bytes is left alone; one that holds others replaces its rows, and keeps its date.
 */
public final class FilesLanding {
    /** How many files a message names. */
    private static final int SHOWN = 5;

    private final Lake lake;
    private final Publishing publisher;

    public FilesLanding(Lake lake, Publishing publisher) {
        this.lake = lake;
        this.publisher = publisher;
    }

    /** Lands and publishes what is new, as {@link #run(Table, Source.Files, List, boolean)} does for no date in particular. */
    public TableRun run(Table table, Source.Files source) throws IOException, InterruptedException {
        return run(table, source, List.of(), false);
    }

    /**
     * Lands and publishes what is new; all of it is one commit.
     *
     * @param dates whose folders are looked into even if they are older than those that runs look into
     * @param acceptGap go on without events that no capture has, and record that in the commit
     * @return with a warning where files hold no row
     * @throws LakeException NO_INPUT without the folder; EXPECTATION, after all was landed, if captures lack events; DEFINITION if
     *     files can't be read, UNAVAILABLE if only such as changed while they were read, both after all others were landed
     */
    public TableRun run(Table table, Source.Files source, List<LocalDate> dates, boolean acceptGap)
            throws IOException, InterruptedException {
        FileSearch search = new FileSearch(lake, table.name(), lake.timezone(table), source);
        Discovery discovery = new Discovery(lake, table.name(), lake.timezone(table), source);
        return commit(table, state -> {
            Instant asked = lake.clock().instant();
            String commitId = lake.newCommitId();
            FileLander lander = new FileLander(lake, table, source, commitId, state);
            Reach reach = search.hasDates() ? discovery.reach(state, dates) : Reach.ALL;
            FileSearch.Found found = search.files(reach);
            List<FoundFile> due = due(found.files(), state, lander);
            lake.steps().reached(Step.PLANNED);
            List<FileLander.Landed> landed = new ArrayList<>();
            List<LakeException> unreadable = new ArrayList<>();
            for (FoundFile file : due) {
                boolean refusedBefore = placed(state.quarantine(), file).isPresent();
                landed(lander, state, file, refusedBefore, unreadable).ifPresent(landed::add);
            }
            fill(search, lander, state, landed, unreadable);
            List<CapturedNumbers.Gap> gaps = lander.numbers().gaps();
            if (landed.isEmpty() && unreadable.isEmpty() && state.head() > 0 && (gaps.isEmpty() || !acceptGap)) {
                return new CommitLoop.Unchanged<>(() -> {
                    discovery.done(reach, asked);
                    requireNoGap(table, gaps);
                    // No date waits for a file that says none.
                    watermark(table).record(asked);
                    requireReadable(table, found.misplaced(), 0, List.of());
                    return TableRun.unchanged(table.name(), state, Balance.NONE);
                });
            }
            List<LakeException> refused = new ArrayList<>(unreadable);
            refused.addAll(found.misplaced());
            if (landed.isEmpty() && !unreadable.isEmpty()) {
                return new CommitLoop.Unchanged<>(() -> {
                    throw unreadable(table, refused, 0, List.of());
                });
            }
            List<String> warnings = new ArrayList<>(warnings(table, lander, landed));
            warnings.addAll(lander.numbers().renewed());
            if (!source.isBinary()) {
                warnings.addAll(withoutRows(landed));
            }
            Commit draft = draft(table, Operation.LAND, commitId, lander, landed, acceptGap ? gaps : List.of());
            return new CommitLoop.Draft<>(draft, commit -> {
                // What could not be read may lie where the next run does not look.
                if (unreadable.isEmpty()) {
                    discovery.done(reach, asked);
                }
                boolean isWhole = acceptGap || gaps.isEmpty();
                if (unreadable.isEmpty() && isWhole) {
                    watermark(table).record(asked);
                }
                requireReadable(table, refused, landed.size(), warnings);
                if (!isWhole) {
                    requireNoGap(table, gaps);
                }
                return TableRun.committed(commit, warnings);
            });
        });
    }

    /** Lands files again with events that were left out as duplicates of another file, which has them no more. */
    private static void fill(
            FileSearch search,
            FileLander lander,
            LedgerState state,
            List<FileLander.Landed> landed,
            List<LakeException> unreadable)
            throws IOException {
        Set<String> fillers = lander.numbers().fillers();
        if (fillers.isEmpty()) {
            return;
        }
        for (FoundFile file : search.files(Reach.ALL).files()) {
            if (fillers.contains(file.name())) {
                boolean refusedBefore = placed(state.quarantine(), file).isPresent();
                landed.removeIf(before -> before.file().name().equals(file.name()));
                landed(lander, state, file, refusedBefore, unreadable).ifPresent(landed::add);
            }
        }
    }

    /** Tells of events that no capture has, after everything else was landed. */
    private static void requireNoGap(Table table, List<CapturedNumbers.Gap> gaps) {
        if (!gaps.isEmpty()) {
            List<String> texts = gaps.stream().map(CapturedNumbers.Gap::text).toList();
            throw new LakeException(
                    ExitCode.EXPECTATION,
                    "Events of " + table.name() + " are lost: " + shown(texts, "; ")
                            + ". Everything else was landed. Put the missing captures in their place and run again; or run"
                            + " with --accept-gap, which records that they are missing.");
        }
    }

    private TableRun commit(Table table, CommitLoop.Job<TableRun> job) throws IOException, InterruptedException {
        return new CommitLoop(table, lake.ledger(table.name()), publisher, lake.steps())
                .run("commit to " + table.name(), "landed the same files", job);
    }

    /** Tells of files that were refused as a whole. */
    private List<String> warnings(Table table, FileLander lander, List<FileLander.Landed> landed) throws IOException {
        List<AllRefused.Part> parts = new ArrayList<>();
        for (FileLander.Landed file : landed) {
            long refused = file.quarantine().map(PartitionVersion::rows).orElse(0L);
            parts.add(new AllRefused.Part(
                    refused
                            + (refused == 1 ? " part of " : " parts of ")
                            + file.file().name(),
                    file.partition().rows(),
                    refused,
                    file.quarantine().stream().toList(),
                    Optional.empty()));
        }
        try {
            return new AllRefused(lake, table).warnings(parts);
        } catch (LakeException e) {
            lander.discard();
            throw e;
        }
    }

    /**
     * Lands those files again of which lines are in quarantine, after the definition or this program was mended; a file
     * of which as much is refused as before is left as it is.
     *
     * @throws LakeException (NO_INPUT) if none of them is there any more
     */
    public TableRun replay(Table table, Source.Files source) throws IOException, InterruptedException {
        FileSearch search = new FileSearch(lake, table.name(), lake.timezone(table), source);
        return commit(table, state -> {
            long refused = state.quarantine().stream()
                    .mapToLong(placed -> placed.partition().rows())
                    .sum();
            List<FoundFile> files = search.files(Reach.ALL).files().stream()
                    .filter(file -> refused(state, file) > 0)
                    .toList();
            if (refused > 0 && files.isEmpty()) {
                throw new LakeException(
                        ExitCode.NO_INPUT,
                        "Cannot replay " + refused + " lines of " + table.name() + ": the files that they come from are"
                                + " no longer in " + source.path() + ". Put them back, or their lines as a new file.");
            }
            lake.steps().reached(Step.PLANNED);
            String commitId = lake.newCommitId();
            FileLander lander = new FileLander(lake, table, source, commitId, state);
            List<FileLander.Landed> mended = new ArrayList<>();
            List<LakeException> unreadable = new ArrayList<>();
            for (FoundFile file : files) {
                landed(lander, state, file, true, unreadable)
                        .filter(landed -> landed.quarantined() != refused(state, file))
                        .ifPresent(mended::add);
            }
            if (mended.isEmpty()) {
                lander.discard();
                return new CommitLoop.Unchanged<>(() -> {
                    if (!unreadable.isEmpty()) {
                        throw unreadable(table, unreadable, 0, List.of());
                    }
                    return TableRun.unchanged(table.name(), state, Balance.landed(refused, 0, refused));
                });
            }
            return new CommitLoop.Draft<>(
                    draft(table, Operation.REPLAY, commitId, lander, mended, List.of()), commit -> {
                        if (!unreadable.isEmpty()) {
                            throw unreadable(
                                    table, unreadable, 0, List.of("What was mended of the others was landed."));
                        }
                        return TableRun.committed(commit, List.of());
                    });
        });
    }

    /** Lands a file under the date that it has; one that can't be read as a whole, or now, is put to those that can't. */
    private static Optional<FileLander.Landed> landed(
            FileLander lander,
            LedgerState state,
            FoundFile file,
            boolean keepQuarantine,
            List<LakeException> unreadable)
            throws IOException {
        LocalDate date =
                placed(state.partitions(), file).map(PartitionVersion::date).orElse(file.date());
        try {
            return Optional.of(lander.land(file, date, keepQuarantine));
        } catch (LakeException e) {
            if (e.exitCode() != ExitCode.DEFINITION && e.exitCode() != ExitCode.UNAVAILABLE) {
                throw e;
            }
            unreadable.add(e);
            return Optional.empty();
        }
    }

    private static long refused(LedgerState state, FoundFile file) {
        return placed(state.quarantine(), file).map(PartitionVersion::rows).orElse(0L);
    }

    private static void requireReadable(Table table, List<LakeException> refused, int landed, List<String> warnings) {
        if (!refused.isEmpty()) {
            throw unreadable(table, refused, landed, warnings);
        }
    }

    /** @param warnings of the files that were landed, which no later run would tell */
    private static LakeException unreadable(
            Table table, List<LakeException> unreadable, int landed, List<String> warnings) {
        List<String> problems =
                unreadable.stream().map(LakeException::getMessage).toList();
        String others = landed == 0
                ? ""
                : " The " + landed + " other new file" + (landed == 1 ? " was" : "s were") + " landed.";
        boolean damaged = unreadable.stream().anyMatch(e -> e.exitCode() == ExitCode.DEFINITION);
        return new LakeException(
                damaged ? ExitCode.DEFINITION : ExitCode.UNAVAILABLE,
                "Cannot land " + problems.size() + (problems.size() == 1 ? " file" : " files") + " of " + table.name()
                        + ": " + shown(problems, " ") + others + " Nothing of what can't be read was committed."
                        + (warnings.isEmpty() ? "" : " " + String.join(" ", warnings)),
                unreadable.get(0));
    }

    /** A file that ends after its line of column names may be as it should, or its writer died. */
    private static List<String> withoutRows(List<FileLander.Landed> landed) {
        List<String> empty = landed.stream()
                .filter(FileLander.Landed::holdsNoRow)
                .map(file -> file.file().name() + " (" + file.file().length() + " bytes)")
                .toList();
        return empty.isEmpty()
                ? List.of()
                : List.of(empty.size() + " of " + landed.size() + " new files hold bytes, but no row: "
                        + shown(empty, ", ")
                        + ". See that they are whole; if so, nothing has to be done.");
    }

    private static String shown(List<String> texts, String between) {
        int more = texts.size() - SHOWN;
        return String.join(between, texts.subList(0, Math.min(texts.size(), SHOWN)))
                + (more > 0 ? between + "and " + more + " more" : "");
    }

    private LandingWatermark watermark(Table table) throws IOException {
        return new LandingWatermark(lake.target(), lake.hadoop(), table.name());
    }

    private static List<FoundFile> due(List<FoundFile> files, LedgerState state, FileLander lander) throws IOException {
        List<FoundFile> due = new ArrayList<>();
        for (FoundFile file : files) {
            Optional<Consumed.FileVersion> landed =
                    Optional.ofNullable(state.files().get(file.name()));
            boolean same = landed.isPresent()
                    && (file.looksLike(landed.get())
                            || landed.get().sha256().equals(lander.version(file).sha256()));
            if (!same) {
                due.add(file);
            }
        }
        return due;
    }

    /** The partition that the file's last version has. */
    private static Optional<PartitionVersion> placed(List<LedgerState.CurrentPartition> partitions, FoundFile file) {
        return partitions.stream()
                .map(LedgerState.CurrentPartition::partition)
                .filter(p -> p.batch().equals(Optional.of(file.batch())))
                .findFirst();
    }

    private Commit draft(
            Table table,
            Operation operation,
            String commitId,
            FileLander lander,
            List<FileLander.Landed> landed,
            List<CapturedNumbers.Gap> accepted) {
        Map<String, Consumed.FileVersion> taken = new TreeMap<>();
        List<PartitionVersion> partitions = new ArrayList<>();
        List<PartitionVersion> quarantine = new ArrayList<>();
        Balance balance = Balance.NONE;
        for (FileLander.Landed file : landed) {
            taken.put(file.file().name(), file.version());
            partitions.add(file.partition());
            file.quarantine().ifPresent(quarantine::add);
            balance = balance.plus(balance(file));
        }
        taken.putAll(lander.numbers().accepting(accepted));
        return lake.draft(table, commitId, operation)
                .columns(lander.schema().columns())
                .avroSchema(lander.schema().avro())
                .consumed(new Consumed.Files(taken))
                .acceptedGaps(
                        accepted.stream().map(CapturedNumbers.Gap::accepted).toList())
                .partitions(partitions)
                .quarantine(quarantine)
                .balance(balance)
                .build();
    }

    private static Balance balance(FileLander.Landed file) {
        long written = file.partition().rows();
        long blank = file.copied().blank();
        long duplicates = file.copied().duplicates();
        return new Balance(
                written + file.quarantined() + blank + duplicates,
                written,
                file.quarantined(),
                blank,
                0,
                duplicates,
                0);
    }
}
