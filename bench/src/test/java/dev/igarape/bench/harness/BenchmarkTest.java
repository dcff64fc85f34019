package dev.igarape.bench.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.error.LakeException;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    /** Fails at a moment, e.g. {@code run 2}. */
    private final class FailingCandidate implements Candidate {
        private final String name;
        private final String moment;

        FailingCandidate(String name, String moment) {
            this.name = name;
            this.moment = moment;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void prepare() {
            failAt("prepare");
        }

        @Override
        public void run(int round) {
            order.add(name + round);
            failAt("run " + round);
        }

        @Override
        public Checksum checksum(int round) {
            failAt("checksum " + round);
            return new Checksum(1, "h");
        }

        private void failAt(String now) {
            if (now.equals(moment)) {
                throw new IllegalStateException("2 rows failed\nwhere they did");
            }
        }
    }

    /** Ours, a, is compared with f, which fails at this moment, and with b. */
    private List<Comparison> withFailureAt(String moment) {
        Candidate ours = new RecordingCandidate("a", new Checksum(1, "h"));
        return List.of(
                new Comparison("x", ours, new FailingCandidate("f", moment), 1),
                new Comparison("y", ours, new RecordingCandidate("b", new Checksum(1, "h")), 1));
    }

    private static Optional<Failure> failure(String when) {
        return Optional.of(new Failure(when, "java.lang.IllegalStateException: 2 rows failed"));
    }

    @Test
    void leavesABaselineOutOnceItFails() throws Exception {
        ByteArrayOutputStream told = new ByteArrayOutputStream();

        List<ComparisonResult> results =
                new Benchmark(withFailureAt("run 2"), new PrintStream(told, true, StandardCharsets.UTF_8)).run(3);

        assertThat(order).containsExactly("f1", "b1", "a1", "b2", "a2", "f2", "b3", "a3");
        assertThat(results.get(0).failure()).isEqualTo(failure("round 2"));
        assertThat(results.get(1).failure()).isEmpty();
        assertThat(results.get(1).ours()).hasSize(3);
        assertThat(results.get(1).baseline()).hasSize(3);
        assertThat(told.toString(StandardCharsets.UTF_8).lines().filter(line -> line.contains("left out")))
                .singleElement()
                .asString()
                .matches("round 2 +f +left out from here on: java.lang.IllegalStateException: 2 rows failed");
    }

    @Test
    void leavesABaselineOutWhoseRowsCantBeRead() throws Exception {
        List<ComparisonResult> results = new Benchmark(withFailureAt("checksum 1"), NOWHERE).run(2);

        assertThat(order).containsExactly("f1", "b1", "a1", "a2", "b2");
        assertThat(results.get(0).failure()).isEqualTo(failure("round 1"));
    }

    @Test
    void leavesABaselineOutThatFailsInTheSetup() throws Exception {
        List<ComparisonResult> results = new Benchmark(withFailureAt("prepare"), NOWHERE).run(1);

        assertThat(order).containsExactly("b1", "a1");
        assertThat(results.get(0).failure()).isEqualTo(failure("the setup"));
    }

    @Test
    void leavesABaselineOutThatFailsInTheWarmUp() throws Exception {
        List<ComparisonResult> results =
                new Benchmark(withFailureAt("run 0"), NOWHERE).warmUp(2).run(1);

        assertThat(order).containsExactly("b-1", "a-1", "f-1", "a0", "f0", "b0", "b1", "a1");
        assertThat(results.get(0).failure()).isEqualTo(failure("warm-up 2"));
        assertThat(results.get(1).ours()).hasSize(1);
    }

    @Test
    void runsOursNoMoreOnceNoBaselineIsLeft() throws Exception {
        List<ComparisonResult> results = new Benchmark(withFailureAt("run 1").subList(0, 1), NOWHERE).run(3);

        assertThat(order).containsExactly("f1", "a1");
        assertThat(results.get(0).failure()).isEqualTo(failure("round 1"));
    }

    @Test
    void endsWhenOursFails() {
        Comparison comparison = new Comparison(
                "x", new FailingCandidate("f", "run 1"), new RecordingCandidate("b", new Checksum(1, "h")), 1);

        assertThatThrownBy(() -> new Benchmark(List.of(comparison), NOWHERE).run(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("2 rows failed");
    }

    @Test
    void comparesTheOthersWhenABaselineIsLeftOut() {
        List<Comparison> comparisons = new ArrayList<>(withFailureAt("run 1").subList(0, 1));
        comparisons.add(
                new Comparison("y", comparisons.get(0).ours(), new RecordingCandidate("b", new Checksum(1, "i")), 1));

        assertThatThrownBy(() -> new Benchmark(comparisons, NOWHERE).run(1))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("No time counts: in round 1 of y");
    }

    @Test
    void rotatesTheOrderFromRoundToRound() throws Exception {
        Comparison comparison = new Comparison(
                "x",
                new RecordingCandidate("a", new Checksum(1, "h")),
                new RecordingCandidate("b", new Checksum(1, "h")),
                1);

        List<ComparisonResult> results =
                new Benchmark(List.of(comparison), NOWHERE).warmUp(1).run(2);

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
        ComparisonResult result =
                new ComparisonResult(comparison, List.of(1.0, 2.0, 1.0), List.of(3.0, 4.0, 9.0), Optional.empty());

        assertThat(result.ratio()).isEqualTo(new Stats(3, 2, 9));
        assertThat(result.passed()).isTrue();
    }
}
