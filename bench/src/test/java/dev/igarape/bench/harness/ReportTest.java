package dev.igarape.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.model.Json;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ReportTest {
    private static final Report REPORT = new Report(
            "merge",
            "work",
            Map.of(),
            List.of(
                    result("slow", List.of(4.0, 8.0), Optional.empty()),
                    result("broken", List.of(4.0), Optional.of(new Failure("round 2", "2 rows failed")))));

    private record Named(String name) implements Candidate {
        @Override
        public void run(int round) {}

        @Override
        public Checksum checksum(int round) {
            return new Checksum(1, "h");
        }
    }

    private static ComparisonResult result(String baseline, List<Double> seconds, Optional<Failure> failure) {
        Comparison comparison = new Comparison("x", new Named("ours"), new Named(baseline), 3);
        return new ComparisonResult(comparison, List.of(1.0, 2.0), seconds, failure);
    }

    @Test
    void printsWhyABaselineHasNoFigures() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        REPORT.print(new PrintStream(bytes, true, StandardCharsets.UTF_8));

        assertThat(bytes.toString(StandardCharsets.UTF_8).lines().map(line -> line.replaceAll(" +", " ")))
                .contains(
                        "x slow 1.50 6.00 4.00 (4.00 to 4.00), 3.00: passed",
                        "x broken failed in round 2: 2 rows failed");
    }

    @Test
    void hasTheFailureOfABaselineInJson() throws Exception {
        JsonNode cases = Json.mapper().readTree(REPORT.json()).get("cases");

        assertThat(cases.get(0).has("failure")).isFalse();
        assertThat(cases.get(0).get("passed").booleanValue()).isTrue();
        assertThat(cases.get(1)).isEqualTo(Json.mapper().readTree("""
                        {"case": "x", "baseline": "broken",
                          "failure": {"when": "round 2", "reason": "2 rows failed"}}
                        """));
    }
}
