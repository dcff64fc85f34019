package dev.igarape.bench.command;

import dev.igarape.bench.harness.Candidate;
import dev.igarape.bench.harness.Checksum;
import dev.igarape.bench.harness.Comparison;
import dev.igarape.bench.harness.ScratchTarget;
import java.io.IOException;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** A small date's job, from {@code spark-submit} to its end; a date for each round. */
public record StartCandidate(SparkSubmit submit, ScratchTarget scratch) implements Candidate {
    public static final String WORK = "trusted.insights for one date of 1,000 rows, from spark-submit to its end";

    private static final LocalDate FIRST = LocalDate.of(2024, 1, 1);

    /** The local stack's configuration against Spark's defaults; the input of all rounds is landed before. */
    public static List<Comparison> duels(SparkSubmit ours, SparkSubmit plain, List<ScratchTarget> scratch, int rounds)
            throws IOException, InterruptedException {
        List<StartCandidate> jobs = new ArrayList<>();
        for (SparkSubmit submit : List.of(ours, plain)) {
            StartCandidate job = new StartCandidate(submit, scratch.get(jobs.size()));
            submit.run(job.scratch().file(), "raw.insights", "--from", day(0), "--to", day(rounds + 1));
            jobs.add(job);
        }
        return List.of(new Comparison("start", jobs.get(0), jobs.get(1), 2));
    }

    @Override
    public String name() {
        return submit.name();
    }

    @Override
    public void work(int round) throws IOException, InterruptedException {
        submit.run(scratch.file(), "trusted.insights", "--date", day(round));
    }

    @Override
    public Checksum answer(int round) throws SQLException {
        return scratch.answer("trusted.insights", day(round), day(round + 1));
    }

    private static String day(int round) {
        return FIRST.plusDays(round).toString();
    }
}
