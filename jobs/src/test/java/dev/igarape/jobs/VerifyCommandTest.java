package dev.igarape.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.testing.CustomersLake;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.job.PlannedDate;
import dev.igarape.model.job.PlannedDate.Status;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class VerifyCommandTest {
    private static final LocalDate TODAY = LocalDate.parse("2024-01-10");

    @Test
    void inTimeEachFreshDateThatIsOverIsSampledAlsoWhileDatesAreAdded() {
        List<PlannedDate> plan = new ArrayList<>(List.of(date(TODAY.minusDays(1), Status.STALE)));
        Set<LocalDate> sampled = new HashSet<>();
        for (LocalDate today = TODAY; today.isBefore(TODAY.plusDays(200)); today = today.plusDays(1)) {
            plan.add(date(today, Status.FRESH));
            LocalDate day = today;
            VerifyCommand.sampled(plan, today).ifPresent(date -> {
                assertThat(date).isBefore(day).isNotEqualTo(TODAY.minusDays(1));
                sampled.add(date);
            });
            assertThat(VerifyCommand.sampled(plan, today)).isEqualTo(VerifyCommand.sampled(plan, today));
        }
        assertThat(sampled).containsAll(TODAY.datesUntil(TODAY.plusDays(10)).toList());
    }

    @Test
    void whereNoDateIsOverNoneIsSampled() {
        assertThat(VerifyCommand.sampled(List.of(date(TODAY, Status.FRESH)), TODAY))
                .isEmpty();
    }

    @Test
    void aTableWithoutDatesHasNoIntervalsToVerify() {
        assertThatThrownBy(() -> VerifyCommand.withIntervals(CustomersLake.table()))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessage(
                        "Cannot verify trusted.customers: it has no intervals, and its rows are of no date. Name a table"
                                + " with `interval`.");
    }

    private static PlannedDate date(LocalDate date, Status status) {
        return new PlannedDate(TableName.parse("gold.windows"), date, status, List.of(), 0);
    }
}
