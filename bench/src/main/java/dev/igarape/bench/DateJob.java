package dev.igarape.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;

/** A small date's job, from {@code spark-submit} to its end; a date for each round. */
record DateJob(Submit submit, Scratch scratch) implements Contender {
    static final String WORK = "trusted.insights for one date of 1,000 rows, from spark-submit to its end";

    private static final LocalDate FIRST = LocalDate.of(2024, 1, 1);

    /** The local stack's configuration against Spark's defaults; the input of all rounds is landed before. */
    static List<Duel> duels(Submit ours, Submit plain, List<Scratch> scratch, int rounds)
            throws IOException, InterruptedException {
        List<DateJob> jobs = new ArrayList<>();
        for (Submit submit : List.of(ours, plain)) {
            DateJob job = new DateJob(submit, scratch.get(jobs.size()));
            submit.run(job.scratch().file(), "raw.insights", "--from", day(0), "--to", day(rounds + 1));
            jobs.add(job);
        }
        return List.of(new Duel("start", jobs.get(0), jobs.get(1), 2));
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
    public Answer answer(int round) throws SQLException {
        return scratch.answer("trusted.insights", day(round), day(round + 1));
    }

    private static String day(int round) {
        return FIRST.plusDays(round).toString();
    }
}
