package dev.igarape.cli.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** The page about a long run, made by it. */
final class Report {
    private final Path page;
    private final long seed;

    Report(Path page, long seed) {
        this.page = page;
        this.seed = seed;
    }

    void write(Tally tally, int commits, long reads, List<String> skipped) throws IOException {
        String left = skipped.isEmpty() ? "nothing" : skipped.stream().collect(Collectors.joining("; "));
        Files.writeString(page, """
                # Faults

                Made by `./lake test faults`: the packaged jobs on real servers (HDFS, Hive Metastore, Kafka, registry,
                Trino), struck while they work. After each trial every mark that the broker acknowledged must be in the
                tables once, and the metastore must show what the ledgers say. All the while a reader asks Trino; a read
                is torn if a date shows rows that are not exactly those of one commit, or shows none any more.

                %s
                Commits: %d. Answers of Trino that were judged: %d. Not tried: %s.

                Seed %d; %d cores, Linux %s, JDK %s.
                """.formatted(
                        tally.table(),
                        commits,
                        reads,
                        left,
                        seed,
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("os.version"),
                        System.getProperty("java.version")));
    }
}
