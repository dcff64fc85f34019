package dev.igarape.bench.command;

import dev.igarape.bench.harness.Candidate;
import dev.igarape.bench.harness.Checksum;
import dev.igarape.bench.harness.Comparison;
import dev.igarape.bench.harness.ScratchTarget;
import java.io.IOException;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;

/**
 * A month of {@code insights} from nothing.
 *
 * @param atOnce in one application, or one for each date
 */
public record BackfillCandidate(SparkSubmit submit, ScratchTarget scratch, boolean atOnce) implements Candidate {
    public static final String WORK =
            "raw.insights, trusted.insights and gold.grouped_insights for 31 dates of 1,000 rows each";

    private static final LocalDate FROM = LocalDate.of(2024, 1, 1);
    private static final LocalDate TO = LocalDate.of(2024, 2, 1);
    private static final String TABLES = "raw.insights,trusted.insights,gold.grouped_insights";

    /** Both submit in the same way. */
    public static List<Comparison> duels(SparkSubmit submit, List<ScratchTarget> scratch) {
        return List.of(new Comparison(
                "31 dates",
                new BackfillCandidate(submit, scratch.get(0), true),
                new BackfillCandidate(submit, scratch.get(1), false),
                8));
    }

    @Override
    public String name() {
        return atOnce ? "one application" : "one submit per date";
    }

    @Override
    public void work(int round) throws IOException, InterruptedException {
        if (atOnce) {
            submit.run(scratch.file(), TABLES, "--from", FROM.toString(), "--to", TO.toString());
            return;
        }
        for (LocalDate date : FROM.datesUntil(TO).toList()) {
            submit.run(scratch.file(), TABLES, "--date", date.toString());
        }
    }

    @Override
    public Checksum answer(int round) throws SQLException, IOException {
        Checksum gold = scratch.answer("gold.grouped_insights", FROM.toString(), TO.toString());
        Checksum trusted = scratch.answer("trusted.insights", FROM.toString(), TO.toString());
        scratch.clear();
        return new Checksum(trusted.rows() + gold.rows(), trusted.hash() + gold.hash());
    }
}
