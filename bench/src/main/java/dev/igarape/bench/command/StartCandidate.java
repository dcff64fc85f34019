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
 * The build of one small date, from {@code spark-submit} to its end; each round builds another date.
 *
 * @param rounds that are counted
 */
public record StartCandidate(SparkSubmit submit, ScratchTarget scratch, int rounds) implements Candidate {
    public static final String WORK = "trusted.insights for one date of 1,000 rows, from spark-submit to its end";

    static final String TABLE = "trusted.insights";

    private static final LocalDate FIRST = LocalDate.of(2024, 1, 1);

    /** The local stack's configuration against Spark's defaults. */
    public static List<Comparison> comparisons(
            SparkSubmit localStack, SparkSubmit sparkDefaults, List<ScratchTarget> scratch, int rounds) {
        return List.of(new Comparison(
                "start",
                new StartCandidate(localStack, scratch.get(0), rounds),
                new StartCandidate(sparkDefaults, scratch.get(1), rounds),
                2));
    }

    /** Lands the input of all rounds. */
    static void land(SparkSubmit submit, ScratchTarget scratch, int rounds) throws IOException, InterruptedException {
        submit.run(scratch.file(), "raw.insights", JobOption.FROM, day(0), JobOption.TO, day(rounds + 1));
    }

    @Override
    public String name() {
        return submit.name();
    }

    @Override
    public void prepare() throws IOException, InterruptedException {
        land(submit, scratch, rounds);
    }

    @Override
    public void run(int round) throws IOException, InterruptedException {
        submit.run(scratch.file(), TABLE, JobOption.DATE, day(round));
    }

    @Override
    public Checksum checksum(int round) throws SQLException {
        return scratch.checksum(TABLE, day(round), day(round + 1));
    }

    static String day(int round) {
        return FIRST.plusDays(round).toString();
    }
}
