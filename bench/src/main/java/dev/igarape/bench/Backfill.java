package dev.igarape.bench;

import java.io.IOException;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;

/**
 * A month of {@code insights} from nothing.
 *
 * @param atOnce in one application, or one for each date
 */
record Backfill(Submit submit, Scratch scratch, boolean atOnce) implements Contender {
    static final String WORK =
            "raw.insights, trusted.insights and gold.grouped_insights for 31 dates of 1,000 rows each";

    private static final LocalDate FROM = LocalDate.of(2024, 1, 1);
    private static final LocalDate TO = LocalDate.of(2024, 2, 1);
    private static final String TABLES = "raw.insights,trusted.insights,gold.grouped_insights";

    /** Both submit in the same way. */
    static List<Duel> duels(Submit submit, List<Scratch> scratch) {
        return List.of(new Duel(
                "31 dates",
                new Backfill(submit, scratch.get(0), true),
                new Backfill(submit, scratch.get(1), false),
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
    public Answer answer(int round) throws SQLException, IOException {
        Answer gold = scratch.answer("gold.grouped_insights", FROM.toString(), TO.toString());
        Answer trusted = scratch.answer("trusted.insights", FROM.toString(), TO.toString());
        scratch.clear();
        return new Answer(trusted.rows() + gold.rows(), trusted.hash() + gold.hash());
    }
}
