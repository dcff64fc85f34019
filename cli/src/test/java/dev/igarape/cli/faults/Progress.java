package dev.igarape.cli.faults;

import dev.igarape.model.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Which trials of a run have passed and what they counted, kept in a file so that a run can be resumed. */
final class Progress {
    private final Path file;
    private final long seed;
    private final String version;
    private final Set<String> passed = new LinkedHashSet<>();
    private final List<String> skipped = new ArrayList<>();
    /** What was struck; more than one where a run went on with another state of the project. */
    private final Set<String> versions = new LinkedHashSet<>();

    private final Tally tally;
    private final long readsBefore;
    private int begun;
    private int ended;

    /** @param reads answers of Trino that were judged */
    private record Notes(
            long seed, Set<String> versions, Set<String> passed, Map<String, Tally.Counts> counts, long reads) {}

    private Progress(Path file, String version, Notes notes) {
        this.file = file;
        this.version = version;
        this.seed = notes.seed();
        this.versions.addAll(notes.versions());
        this.passed.addAll(notes.passed());
        this.tally = new Tally(notes.counts());
        this.readsBefore = notes.reads();
    }

    /**
     * @param version of what is struck now
     * @throws IOException also if the run to be resumed had another seed
     */
    static Progress open(Path file, long seed, String version, boolean resume) throws IOException {
        if (!resume || Files.notExists(file)) {
            return new Progress(file, version, new Notes(seed, Set.of(), Set.of(), Map.of(), 0));
        }
        Notes notes = Json.mapper().readValue(file.toFile(), Notes.class);
        if (notes.seed() != seed) {
            throw new IOException("the run to be resumed has seed " + notes.seed() + ", not " + seed);
        }
        return new Progress(file, version, notes);
    }

    Tally tally() {
        return tally;
    }

    boolean isPassed(String id) {
        return passed.contains(id);
    }

    void begins() {
        begun++;
    }

    /** @param reads answers of Trino that this process has judged */
    void passed(String id, long reads) throws IOException {
        ended++;
        passed.add(id);
        versions.add(version);
        Files.createDirectories(file.getParent());
        Path half = file.resolveSibling(file.getFileName() + ".tmp");
        Json.mapper().writeValue(half.toFile(), new Notes(seed, versions, passed, tally.kinds(), readsBefore + reads));
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Notes what can't be tried on this machine. */
    void skips(String what) {
        skipped.add(what);
    }

    /** The page about this run and those that it resumed. */
    void report(Path page, int commits, long reads) throws IOException {
        Files.writeString(page, """
                # Faults

                Made by `./lake test faults`: the packaged jobs on real servers (HDFS, Hive Metastore, Kafka, registry,
                Trino), struck while they work. After each trial every mark that the broker acknowledged must be in the
                tables once, and the metastore must show what the ledgers say. All the while a reader asks Trino; a read
                is torn if a date shows rows that are not exactly those of one commit, or shows none any more; of a
                landing, if a batch is not whole, or there are fewer rows than before.

                Live services are struck at random moments while the HTTP API takes events of a day that is not over, late ones
                among them, so that their tables are built by intervals. One is killed and another started in its place, alone or
                with a second service beside it; or HDFS and the metastore are killed under one that goes on, and started again; or one
                of two is frozen until its lease has expired and readers see what the other has built since, and thawed.

                Then Kafka Connect, the broker and PostgreSQL are killed while rows of a captured table change: 30 times each in the long form,
                once in the short one. In the end the [table of captured changes](cdc-tables.md) is compared with the database's. These kills
                come after this page is written and are not in the count; [DEVELOPMENT.md](../DEVELOPMENT.md) says which form has been run.

                %s
                Commits: %d. Answers of Trino that were judged: %d. Not tried: %s.

                Seed %d; %d cores.

                %s
                """.formatted(
                        tally.table(),
                        commits,
                        readsBefore + reads,
                        skipped.isEmpty() ? "nothing" : String.join("; ", skipped),
                        seed,
                        Runtime.getRuntime().availableProcessors(),
                        versions.stream().map(version -> "- " + version).collect(Collectors.joining("\n"))));
    }

    boolean isAllPassed() {
        return !passed.isEmpty() && begun == ended;
    }
}
