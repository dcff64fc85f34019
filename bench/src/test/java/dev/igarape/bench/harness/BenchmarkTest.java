package dev.igarape.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.error.LakeException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchmarkTest {
    private static final PrintStream NOWHERE = new PrintStream(OutputStream.nullOutputStream());

    private final List<String> order = new ArrayList<>();

    /** Records when it runs. */
    private final class RecordingCandidate implements Candidate {
        private final String name;
        private final Checksum checksum;

        RecordingCandidate(String name, Checksum checksum) {
            this.name = name;
            this.checksum = checksum;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void run(int round) {
            order.add(name + round);
        }

        @Override
        public Checksum checksum(int round) {
            return checksum;
        }
    }

    @Test
    void rotatesTheOrderFromRoundToRound() throws Exception {
        Comparison comparison = new Comparison(
                "x",
                new RecordingCandidate("a", new Checksum(1, "h")),
                new RecordingCandidate("b", new Checksum(1, "h")),
                1);

        List<ComparisonResult> results =
                new Benchmark(List.of(comparison), NOWHERE).warmUp().run(2);

        assertThat(order).containsExactly("a0", "b0", "b1", "a1", "a2", "b2");
        assertThat(results.get(0).ours()).hasSize(2);
    }

    @Test
    void countsNoTimeWhenChecksumsDiffer() {
        Comparison comparison = new Comparison(
                "x",
                new RecordingCandidate("a", new Checksum(1, "h")),
                new RecordingCandidate("b", new Checksum(1, "i")),
                1);

        assertThatThrownBy(() -> new Benchmark(List.of(comparison), NOWHERE).run(1))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("No time counts: in round 1 of x");
    }

    @Test
    void countsNoTimeForNoRows() {
        Comparison comparison = new Comparison(
                "x",
                new RecordingCandidate("a", new Checksum(0, "h")),
                new RecordingCandidate("b", new Checksum(0, "h")),
                1);

        assertThatThrownBy(() -> new Benchmark(List.of(comparison), NOWHERE).run(1))
                .isInstanceOf(LakeException.class);
    }

    @Test
    void takesTheMedianOfEachRoundsRatio() {
        Comparison comparison = new Comparison(
                "x",
                new RecordingCandidate("a", new Checksum(1, "h")),
                new RecordingCandidate("b", new Checksum(1, "h")),
                3);
        ComparisonResult result = new ComparisonResult(comparison, List.of(1.0, 2.0, 1.0), List.of(3.0, 4.0, 9.0));

        assertThat(result.ratio()).isEqualTo(new Stats(3, 2, 9));
        assertThat(result.passed()).isTrue();
    }
}
