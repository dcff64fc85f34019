package dev.igarape.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.TableName;
import dev.igarape.model.job.Inspected;
import dev.igarape.model.job.Inspected.Finding;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class TableChecksTest {
    @Test
    void eachFindingIsACheckWithItsRemedy() {
        List<HealthCheck> checks = TableChecks.checks(
                Optional.of(List.of(
                        table("raw.events"),
                        table(
                                "trusted.customers",
                                new Finding(true, "it is gone", "Put it back."),
                                new Finding(false, "a repair is due", "./lake repair")))),
                0);

        assertThat(checks)
                .containsExactly(
                        HealthCheck.passed(
                                HealthCheck.Area.TABLE,
                                "Tables",
                                "2 that are deployed were held against their ledgers"),
                        HealthCheck.failed(HealthCheck.Area.TABLE, "trusted.customers", "it is gone", "Put it back."),
                        HealthCheck.passed(
                                HealthCheck.Area.TABLE, "trusted.customers", "a repair is due. ./lake repair"));
    }

    @Test
    void tablesThatCouldNotBeLookedAtAreAFault() {
        assertThat(TableChecks.checks(Optional.empty(), 3)).singleElement().satisfies(check -> {
            assertThat(check.passed()).isFalse();
            assertThat(check.finding()).isEqualTo("could not be looked at, which ended with exit code 3");
            assertThat(check.remedy()).get().asString().endsWith("./lake compile");
        });
        assertThat(TableChecks.checks(Optional.empty(), 4).get(0).remedy())
                .get()
                .asString()
                .endsWith("run it again once the servers answer.");
    }

    private static Inspected table(String name, Finding... findings) {
        return new Inspected(
                TableName.parse(name),
                "landing",
                Optional.empty(),
                Map.of(),
                Optional.of(0L),
                0,
                Optional.empty(),
                List.of(findings));
    }
}
