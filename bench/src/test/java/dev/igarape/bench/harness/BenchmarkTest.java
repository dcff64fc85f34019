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

    /** Notes when it works. */
    private final class Noting implements Candidate {
        private final String name;
        private final Checksum answer;

        Noting(String name, Checksum answer) {
            this.name = name;
            this.answer = answer;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void work(int round) {
            order.add(name + round);
        }

        @Override
        public Checksum answer(int round) {
            return answer;
        }
    }

    @Test
    void turnsTheOrderFromRoundToRound() throws Exception {
        Comparison duel =
                new Comparison("x", new Noting("a", new Checksum(1, "h")), new Noting("b", new Checksum(1, "h")), 1);

        List<ComparisonResult> outcomes =
                new Benchmark(List.of(duel), NOWHERE).warmUp().run(2);

        assertThat(order).containsExactly("a0", "b0", "b1", "a1", "a2", "b2");
        assertThat(outcomes.get(0).ours()).hasSize(2);
    }

    @Test
    void countsNoTimeWhenAnswersDiffer() {
        Comparison duel =
                new Comparison("x", new Noting("a", new Checksum(1, "h")), new Noting("b", new Checksum(1, "i")), 1);

        assertThatThrownBy(() -> new Benchmark(List.of(duel), NOWHERE).run(1))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("No time counts: in round 1 of x");
    }

    @Test
    void countsNoTimeForNoRows() {
        Comparison duel =
                new Comparison("x", new Noting("a", new Checksum(0, "h")), new Noting("b", new Checksum(0, "h")), 1);

        assertThatThrownBy(() -> new Benchmark(List.of(duel), NOWHERE).run(1)).isInstanceOf(LakeException.class);
    }

    @Test
    void takesTheMedianOfEachRoundsRatio() {
        Comparison duel =
                new Comparison("x", new Noting("a", new Checksum(1, "h")), new Noting("b", new Checksum(1, "h")), 3);
        ComparisonResult outcome = new ComparisonResult(duel, List.of(1.0, 2.0, 1.0), List.of(3.0, 4.0, 9.0));

        assertThat(outcome.ratio()).isEqualTo(new Stats(3, 2, 9));
        assertThat(outcome.kept()).isTrue();
    }
}
