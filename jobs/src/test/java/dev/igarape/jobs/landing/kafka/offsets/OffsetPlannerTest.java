package dev.igarape.jobs.landing.kafka.offsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OffsetPlannerTest {
    private static final long NO_LIMIT = Long.MAX_VALUE;

    private final OffsetPlanner planner = new OffsetPlanner(1000, NO_LIMIT, false);
    private final OffsetPlanner accepting = new OffsetPlanner(1000, NO_LIMIT, true);

    @Test
    void readsFromTheLedgersEndToTheBrokersEnd() {
        OffsetPlan plan =
                planner.plan(topic(Map.of(0, offsets(0, 700), 1, offsets(10, 20))), landed(Map.of(0, 500L, 1, 20L)));

        assertThat(plan.ranges()).containsExactly(new OffsetRange("orders", 0, 500, 700));
        assertThat(plan.starts()).isEqualTo(Map.of(0, 500L, 1, 20L));
        assertThat(plan.next()).isEqualTo(Map.of(0, 700L, 1, 20L));
        assertThat(plan.size()).isEqualTo(200);
        assertThat(plan.partial()).isFalse();
        assertThat(plan.gaps()).isEmpty();
    }

    @Test
    void startsANewTopicWhereItsPolicySays() {
        TopicOffsets topic = topic(Map.of(0, new PartitionOffsets(5, 90, 40), 1, new PartitionOffsets(0, 7, 7)));

        OffsetPlan plan = planner.plan(topic, LandedOffsets.none());

        assertThat(plan.ranges()).containsExactly(new OffsetRange("orders", 0, 40, 90));
        assertThat(plan.next()).isEqualTo(Map.of(0, 90L, 1, 7L));
    }

    @Test
    void startsANewPartitionAtZero() {
        OffsetPlan plan = planner.plan(
                topic(Map.of(0, offsets(0, 10), 1, new PartitionOffsets(0, 5, 5))), landed(Map.of(0, 10L)));

        assertThat(plan.ranges()).containsExactly(new OffsetRange("orders", 1, 0, 5));
    }

    @Test
    void splitsRangesEvenly() {
        OffsetPlan plan = planner.plan(topic(Map.of(0, offsets(0, 2500))), landed(Map.of(0, 0L)));

        assertThat(plan.ranges())
                .containsExactly(
                        new OffsetRange("orders", 0, 0, 834),
                        new OffsetRange("orders", 0, 834, 1667),
                        new OffsetRange("orders", 0, 1667, 2500));
    }

    @Test
    void sharesTheLimitOfACommitOut() {
        OffsetPlan plan = new OffsetPlanner(1000, 100, false)
                .plan(
                        topic(Map.of(0, offsets(0, 500), 1, offsets(0, 10), 2, offsets(0, 90))),
                        landed(Map.of(0, 0L, 1, 0L, 2, 0L)));

        assertThat(plan.next()).isEqualTo(Map.of(0, 45L, 1, 10L, 2, 45L));
        assertThat(plan.size()).isEqualTo(100);
        assertThat(plan.partial()).isTrue();
    }

    @Test
    void planningAgainAndAgainReachesTheEnd() {
        OffsetPlanner limited = new OffsetPlanner(7, 10, false);
        TopicOffsets topic = topic(Map.of(0, offsets(0, 50), 1, offsets(0, 3), 2, offsets(0, 11)));
        LandedOffsets landed = LandedOffsets.none();
        long read = 0;
        OffsetPlan plan;
        do {
            plan = limited.plan(topic, landed);
            assertThat(plan.size()).isLessThanOrEqualTo(10);
            read += plan.size();
            landed = new LandedOffsets(Optional.of(plan.topicId()), plan.next());
        } while (plan.partial());

        assertThat(read).isEqualTo(64);
        assertThat(landed.next()).isEqualTo(Map.of(0, 50L, 1, 3L, 2, 11L));
    }

    @Test
    void stopsAtExpiredRecords() {
        TopicOffsets topic = topic(Map.of(0, offsets(0, 9), 2, offsets(5000, 6000)));
        LandedOffsets landed = landed(Map.of(0, 9L, 2, 4200L));

        assertThatThrownBy(() -> planner.plan(topic, landed))
                .isInstanceOf(LakeException.class)
                .hasMessage("Cannot land `orders`: partition 2 starts at 5000 but the ledger ends at 4200; Kafka has"
                        + " expired 800 records. Run with --accept-gap to go on.")
                .satisfies(e -> assertThat(((LakeException) e).exitCode()).isEqualTo(ExitCode.EXPECTATION));

        OffsetPlan plan = accepting.plan(topic, landed);
        assertThat(plan.gaps()).containsExactly(new Gap(2, Gap.Kind.EXPIRED, 4200, 5000));
        assertThat(plan.ranges()).containsExactly(new OffsetRange("orders", 2, 5000, 6000));
    }

    @Test
    void stopsAtExpiredRecordsOfANewPartition() {
        TopicOffsets topic = topic(Map.of(0, offsets(0, 9), 1, offsets(3, 6)));

        assertThatThrownBy(() -> planner.plan(topic, landed(Map.of(0, 9L))))
                .hasMessageContaining("partition 1 starts at 3 but the ledger ends at 0; Kafka has expired 3 records");
    }

    @Test
    void stopsWhereThePartitionIsShorterThanTheLedger() {
        TopicOffsets topic = topic(Map.of(0, offsets(0, 100)));

        assertThatThrownBy(() -> planner.plan(topic, landed(Map.of(0, 4200L))))
                .hasMessage("Cannot land `orders`: partition 0 ends at 100 but the ledger ends at 4200; it is the same"
                        + " topic, so brokers have lost records. Run with --accept-gap to go on.");
        assertThat(accepting.plan(topic, landed(Map.of(0, 4200L))).next()).isEqualTo(Map.of(0, 100L));
    }

    @Test
    void takesAShorterPartitionForARecreatedOneWhereTheLedgerHasNoTopicId() {
        TopicOffsets topic = topic(Map.of(0, offsets(0, 100)));
        LandedOffsets landed = new LandedOffsets(Optional.empty(), Map.of(0, 4200L));

        assertThatThrownBy(() -> planner.plan(topic, landed))
                .hasMessageContaining("partition 0 was created anew and starts at 0 but the ledger ends at 4200");
        assertThat(accepting.plan(topic, landed).ranges()).containsExactly(new OffsetRange("orders", 0, 0, 100));
    }

    @Test
    void knowsARecreatedTopicByItsId() {
        TopicOffsets topic = topic(Map.of(0, offsets(0, 9000)));
        LandedOffsets landed = new LandedOffsets(Optional.of("another"), Map.of(0, 4200L, 1, 5L));

        assertThatThrownBy(() -> planner.plan(topic, landed))
                .hasMessage("Cannot land `orders`: partition 0 was created anew and starts at 0 but the ledger ends at"
                        + " 4200; what followed there was not landed; partition 1 does not exist but the ledger ends"
                        + " at 5; the topic was created anew with fewer partitions. Run with --accept-gap to go on.");
        assertThat(accepting.plan(topic, landed).starts()).isEqualTo(Map.of(0, 0L));
    }

    @Test
    void refusesAnUnknownStart() {
        assertThat(StartPolicy.parse("earliest")).isEqualTo(new StartPolicy.Earliest());
        assertThat(StartPolicy.parse("2024-01-01T00:00:00Z")).isInstanceOf(StartPolicy.From.class);
        assertThatThrownBy(() -> StartPolicy.parse("yesterday"))
                .hasMessage("Cannot start at 'yesterday': it is neither earliest, latest nor an instant. Write e.g."
                        + " start: 2024-01-01T00:00:00Z.");
    }

    private static TopicOffsets topic(Map<Integer, PartitionOffsets> partitions) {
        return new TopicOffsets("orders", "id", partitions);
    }

    private static PartitionOffsets offsets(long beginning, long end) {
        return new PartitionOffsets(beginning, end, beginning);
    }

    private static LandedOffsets landed(Map<Integer, Long> next) {
        return new LandedOffsets(Optional.of("id"), next);
    }
}
