package dev.igarape.cli.command.build;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.TableName;
import dev.igarape.model.job.PlanResult;
import dev.igarape.model.job.PlannedDate;
import dev.igarape.model.job.PlannedDate.Status;
import dev.igarape.model.job.PlannedIntervals;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PlanCommandTest {
    private static final TableName CLICKS = TableName.parse("trusted.clicks");
    private static final TableName PAGES = TableName.parse("gold.pages");
    private static final LocalDate DATE = LocalDate.parse("2024-01-01");

    @Test
    void aDateSaysHowManyOfItsIntervalsAreToBeComputed() {
        PlannedDate touched = new PlannedDate(
                CLICKS,
                DATE,
                Status.STALE,
                List.of("raw.clicks has commit 7 with 12 rows"),
                12,
                Optional.of(new PlannedIntervals(288, Optional.of(3))));
        PlannedDate unknown = new PlannedDate(
                CLICKS,
                DATE.plusDays(1),
                Status.MISSING,
                List.of("it has not been built"),
                5,
                Optional.of(new PlannedIntervals(288, Optional.empty())));

        assertThat(printed(touched, unknown, whole()))
                .contains(
                        "table date status rows intervals why",
                        "trusted.clicks 2024-01-01 stale 12 3 of 288 raw.clicks has commit 7 with 12 rows",
                        "trusted.clicks 2024-01-02 missing 5 288 it has not been built",
                        "gold.pages 2024-01-01 stale 12 trusted.clicks has commit 4 with 12 rows");
    }

    @Test
    void tablesByWholeDatesHaveNoColumnOfIntervals() {
        assertThat(printed(whole()))
                .contains(
                        "table date status rows why",
                        "gold.pages 2024-01-01 stale 12 trusted.clicks has commit 4 with 12 rows");
    }

    private static PlannedDate whole() {
        return new PlannedDate(PAGES, DATE, Status.STALE, List.of("trusted.clicks has commit 4 with 12 rows"), 12);
    }

    /** The lines of a plan, with one space between columns. */
    private static List<String> printed(PlannedDate... dates) {
        StringWriter text = new StringWriter();
        PrintWriter out = new PrintWriter(text);
        PlanCommand.print(new PlanResult(List.of(dates), List.of()), out);
        out.flush();
        return text.toString()
                .lines()
                .map(line -> line.strip().replaceAll(" +", " "))
                .toList();
    }
}
