package dev.igarape.cli.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

final class JobTest {
    @Test
    void aResultHasTheWarningsOfAllTables() {
        String summary = """
                {"run_id": "r", "tables": [
                  {"table": "raw.a", "outcome": "committed", "warnings": ["raw.a: one", "raw.a: two"]},
                  {"table": "raw.b", "outcome": "committed"},
                  {"table": "raw.c", "outcome": "committed", "warnings": ["raw.c: three"]}]}""";
        assertThat(new Job.Result(0, Optional.of(summary)).warnings())
                .containsExactly("raw.a: one", "raw.a: two", "raw.c: three");
        assertThat(new Job.Result(3, Optional.empty()).warnings()).isEmpty();
    }
}
