package dev.igarape.bench.merge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

final class MergeCandidateTest {
    /** Writes as many bytes in a round as its number has tens. */
    private static final class RecordingCandidate extends MergeCandidate {
        private final List<Integer> taken = new ArrayList<>();
        private long bytes;

        RecordingCandidate() {
            super("recording");
        }

        @Override
        void take(int round) {
            taken.add(round);
            bytes += 10L * round;
        }

        @Override
        long bytesNow() {
            return bytes;
        }

        @Override
        Dataset<Row> rows() {
            throw new UnsupportedOperationException("has no rows");
        }
    }

    @Test
    void takesEventsOfItsOwnInEachRoundAndCountsTheBytesOfThoseThatCount() throws Exception {
        RecordingCandidate candidate = new RecordingCandidate();

        candidate.prepare();
        for (int round = -1; round <= 1; round++) {
            candidate.run(round);
        }

        assertThat(candidate.taken).containsExactly(0, 1, 2, 3);
        assertThat(candidate.bytes()).isEqualTo(30);
    }
}
