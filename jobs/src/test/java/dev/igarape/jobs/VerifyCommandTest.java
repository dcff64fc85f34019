package dev.igarape.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.TableName;
import dev.igarape.model.job.PlannedDate;
import dev.igarape.model.job.PlannedDate.Status;
import java.time.LocalDate;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class VerifyCommandTest {
    private static final LocalDate TODAY = LocalDate.parse("2024-01-10");

    @Test
    void inTimeEachFreshDateThatIsOverIsSampled() {
        List<PlannedDate> plan = List.of(
                date(6, Status.FRESH),
                date(7, Status.STALE),
                date(8, Status.FRESH),
                date(9, Status.FRESH),
                date(10, Status.FRESH));
        Set<LocalDate> sampled = new HashSet<>();
        for (int day = 0; day < 3; day++) {
            sampled.add(VerifyCommand.sampled(plan, TODAY.plusDays(20L + day)).orElseThrow());
        }
        assertThat(VerifyCommand.sampled(plan, TODAY))
                .hasValueSatisfying(day -> assertThat(day).isBefore(TODAY));
        assertThat(sampled).hasSize(3).doesNotContain(date(7, Status.STALE).date());
    }

    @Test
    void whereNoDateIsOverNoneIsSampled() {
        assertThat(VerifyCommand.sampled(List.of(date(10, Status.FRESH)), TODAY))
                .isEmpty();
    }

    private static PlannedDate date(int day, Status status) {
        return new PlannedDate(TableName.parse("gold.windows"), LocalDate.of(2024, 1, day), status, List.of(), 0);
    }
}
