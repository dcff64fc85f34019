package dev.igarape.bench.harness;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Commit;
import dev.igarape.jobs.ledger.DateBuild;
import dev.igarape.jobs.ledger.Ledger;
import dev.igarape.jobs.ledger.Operation;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.jobs.ledger.SequenceSet;
import dev.igarape.model.Json;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/** Commits of many dates, without the data, since building those would take days. */
public final class MadeUpCommits {
    private static final int DATES_PER_COMMIT = 2;
    private static final int FILES = 10;
    private static final int ROWS = 1_000;

    private MadeUpCommits() {}

    /**
     * Fills a ledger that has no commits. Each commit has two dates, and reads the commits of the inputs with its own number.
     *
     * @param inputs none: a landing
     * @param columns their types in Spark SQL by name
     */
    public static void write(
            Lake lake, Table table, List<TableName> inputs, Map<String, String> columns, LocalDate first, int dates)
            throws IOException {
        Ledger ledger = lake.ledger(table.name());
        Instant now = lake.clock().instant();
        long commits = dates / DATES_PER_COMMIT;
        LongStream.range(1, commits).parallel().forEach(number -> {
            // What a ledger writes, without its look at the commits before.
            ObjectNode commit =
                    Json.mapper().valueToTree(draft(lake, table, inputs, columns, number, dates(first, number)));
            commit.put("sequence", number).put("committed_at", now.toString());
            try {
                ledger.restore(number, Json.mapper().writeValueAsBytes(commit));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        // Comes with the snapshot of all of them.
        ledger.commit(draft(lake, table, inputs, columns, commits, dates(first, commits)), ledger.read());
    }

    /** A landing's commit of one more part of a date. */
    public static void addLate(Lake lake, Table table, Map<String, String> columns, LocalDate date) throws IOException {
        Ledger ledger = lake.ledger(table.name());
        ledger.commit(draft(lake, table, List.of(), columns, 0, List.of(date)), ledger.read());
    }

    private static List<LocalDate> dates(LocalDate first, long commit) {
        long day = (commit - 1) * DATES_PER_COMMIT;
        return LongStream.range(day, day + DATES_PER_COMMIT)
                .mapToObj(first::plusDays)
                .toList();
    }

    private static Commit draft(
            Lake lake,
            Table table,
            List<TableName> inputs,
            Map<String, String> columns,
            long number,
            List<LocalDate> dates) {
        String id = lake.newCommitId();
        boolean landed = inputs.isEmpty();
        Map<TableName, SequenceSet> read = new HashMap<>();
        inputs.forEach(input -> read.put(input, SequenceSet.of(number)));
        List<PartitionVersion> partitions = new ArrayList<>();
        List<DateBuild> builds = new ArrayList<>();
        // Landings of what is new have a partition for each commit.
        Optional<String> batch = table.isIncremental() ? Optional.of(id) : Optional.empty();
        for (LocalDate date : dates) {
            partitions.add(new PartitionVersion(date, batch, id + "/date=" + date, FILES, ROWS, 1L << 30));
            builds.add(new DateBuild(date, read, true, Balance.landed(ROWS, ROWS, 0), List.of()));
        }
        long rows = (long) ROWS * dates.size();
        return lake.draft(table, id, landed ? Operation.LAND : Operation.BUILD)
                .columns(columns)
                .dates(builds)
                .partitions(partitions)
                .balance(Balance.landed(rows, rows, 0))
                .build();
    }
}
