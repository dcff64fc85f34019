package dev.igarape.bench.command;

import dev.igarape.bench.harness.Candidate;
import dev.igarape.bench.harness.Checksum;
import dev.igarape.bench.harness.Comparison;
import dev.igarape.bench.harness.ScratchTarget;
import dev.igarape.model.job.JobOption;
import java.io.IOException;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;

/**
 * A backfill of a month of {@code insights} into an empty lake.
 *
 * @param singleApplication whether all dates are built in one Spark application, or each in one of its own
 */
public record BackfillCandidate(SparkSubmit submit, ScratchTarget scratch, boolean singleApplication)
        implements Candidate {
    public static final String WORK =
            "raw.insights, trusted.insights and gold.grouped_insights for 31 dates of 1,000 rows each";

    private static final LocalDate FROM = LocalDate.of(2024, 1, 1);
    private static final LocalDate TO = LocalDate.of(2024, 2, 1);
    private static final String TABLES = "raw.insights,trusted.insights,gold.grouped_insights";

    /** One application against one for each date; both are submitted alike. */
    public static List<Comparison> comparisons(SparkSubmit submit, List<ScratchTarget> scratch) {
        return List.of(new Comparison(
                "31 dates",
                new BackfillCandidate(submit, scratch.get(0), true),
                new BackfillCandidate(submit, scratch.get(1), false),
                8));
    }

    @Override
    public String name() {
        return singleApplication ? "one application" : "one submit per date";
    }

    @Override
    public void run(int round) throws IOException, InterruptedException {
        if (singleApplication) {
            submit.run(scratch.file(), TABLES, JobOption.FROM, FROM.toString(), JobOption.TO, TO.toString());
            return;
        }
        for (LocalDate date : FROM.datesUntil(TO).toList()) {
            submit.run(scratch.file(), TABLES, JobOption.DATE, date.toString());
        }
    }

    @Override
    public Checksum checksum(int round) throws SQLException, IOException {
        Checksum gold = scratch.checksum("gold.grouped_insights", FROM.toString(), TO.toString());
        Checksum trusted = scratch.checksum("trusted.insights", FROM.toString(), TO.toString());
        scratch.clear();
        return new Checksum(trusted.rows() + gold.rows(), trusted.hash() + gold.hash());
    }
}
