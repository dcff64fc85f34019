package dev.igarape.jobs.quarantine;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.ledger.PartitionVersion;
import dev.igarape.model.Table;
import dev.igarape.model.Trait;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Warns before a commit if all rows of a file, topic or date went to quarantine, which is rarely intended. */
public final class AllRefused {
    /** Rows that are read to find the most frequent rule. */
    private static final int SAMPLE_ROWS = 10_000;

    private static final int LONGEST_ROW = 200;

    private final Lake lake;
    private final Table table;

    public AllRefused(Lake lake, Table table) {
        this.lake = lake;
        this.table = table;
    }

    /**
     * A part of a run's input, as written but not committed yet.
     *
     * @param what its name, e.g. {@code 3 lines of /in/orders.csv}
     * @param quarantine partitions with its quarantined rows; they may hold rows of other parts as well
     * @param topic selects its rows in these partitions; empty: all
     */
    public record Part(
            String what, long written, long quarantined, List<PartitionVersion> quarantine, Optional<String> topic) {}

    /**
     * A warning for each part whose rows are all in quarantine.
     *
     * @throws LakeException (EXPECTATION) if there is one and the table declares {@code all_refused: fail}
     */
    public List<String> warnings(List<Part> parts) throws IOException {
        List<String> warnings = new ArrayList<>();
        for (Part part : parts) {
            if (part.quarantined() > 0 && part.written() == 0) {
                String problem = "all " + part.what() + " went to quarantine" + cause(part);
                if (table.failsWhenAllRejected()) {
                    throw new LakeException(
                            ExitCode.EXPECTATION,
                            "Refused to build " + table.name() + ": " + problem
                                    + ". Nothing was committed, for the table"
                                    + " declares `all_refused: fail`. " + remedy()
                                    + ", and run again; or declare `all_refused: warn` to go on without them.");
                }
                warnings.add(table.name() + ": " + problem + ". Look at them with ./lake quarantine show "
                        + table.name()
                        + ". " + remedy() + ", then give them another try with ./lake quarantine replay " + table.name()
                        + ".");
            }
        }
        return warnings;
    }

    private String remedy() {
        return table.has(Trait.PLANNED)
                ? "Mend the expectation, the SQL or the input"
                : "Mend the landing's keys in pipeline.yaml, the schema or what is sent";
    }

    /** The most frequent rule, its reason, and the position of one of its rows. */
    private String cause(Part part) throws IOException {
        Map<String, Long> counts = new LinkedHashMap<>();
        Map<String, QuarantinedRow> examples = new LinkedHashMap<>();
        long[] seen = {0};
        QuarantineFiles files = new QuarantineFiles(lake, table);
        for (PartitionVersion partition : part.quarantine()) {
            if (seen[0] < SAMPLE_ROWS) {
                files.read(new CurrentPartition(0, partition), row -> {
                    if (part.topic().isEmpty() || part.topic().equals(row.topic())) {
                        counts.merge(row.rule(), 1L, Long::sum);
                        examples.putIfAbsent(row.rule(), row);
                    }
                    seen[0]++;
                    return seen[0] < SAMPLE_ROWS;
                });
            }
        }
        return counts.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(most -> describe(examples.get(most.getKey())))
                .orElse("");
    }

    private static String describe(QuarantinedRow example) {
        return ", most by " + example.rule() + " (" + example.reason() + "), e.g. "
                + position(example).or(() -> example.row().map(AllRefused::cut)).orElse("one without a place");
    }

    private static Optional<String> position(QuarantinedRow row) {
        return row.topic()
                .map(topic -> topic.startsWith("/") || topic.contains(":/")
                        ? "line " + row.offset().orElseThrow() + " of " + topic
                        : "offset " + row.offset().orElseThrow() + " of partition "
                                + row.partition().orElseThrow() + " of topic " + topic);
    }

    private static String cut(String json) {
        return json.length() <= LONGEST_ROW ? json : json.substring(0, LONGEST_ROW) + "…";
    }
}
