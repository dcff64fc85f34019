package dev.igarape.jobs.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.maintenance.Clean;
import dev.igarape.jobs.maintenance.Compact;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.testing.TestingSpark;
import dev.igarape.model.Source;
import dev.igarape.model.job.MaintenanceAction;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.hive.metastore.api.FieldSchema;
import org.junit.jupiter.api.Test;

/** Batches of a topic that compaction copies into one. */
final class BatchCompactionTest extends LandedTopicTestBase {
    @Test
    void compactsBatchesIntoOneByCopyingBlocks() throws Exception {
        registry.register(LATER, V2.toString());
        for (int i = 0; i < 4; i++) {
            send(order(KNOWN, 2 * i), order(LATER, 2 * i + 1));
            land(lake(Step.Listener.NONE));
        }
        assertThat(local.partitions(prefix + "raw", "orders")).hasSize(4);
        LedgerState before = lake(Step.Listener.NONE).ledger(RAW).read();

        List<MaintenanceAction> actions = compact(lake(Step.Listener.NONE));

        assertThat(actions).singleElement().satisfies(action -> {
            assertThat(action.files()).isEqualTo(8);
            assertThat(action.rows()).isEqualTo(8);
        });
        LedgerState state = lake(Step.Listener.NONE).ledger(RAW).read();
        assertThat(state.partitionsOf(LocalDate.parse("2024-01-01")))
                .singleElement()
                .satisfies(placed -> {
                    assertThat(placed.partition().files()).isEqualTo(2);
                    assertThat(placed.rowsByCommit()).hasToString("{1-4=8}");
                });
        assertThat(state.avroSchema()).isEqualTo(before.avroSchema());
        assertThat(shown("raw", "orders", "id")).containsExactlyInAnyOrder("0", "1", "2", "3", "4", "5", "6", "7");
        assertThat(compact(lake(Step.Listener.NONE))).isEmpty();
        clean();
        assertThat(local.partitions(prefix + "raw", "orders")).hasSize(1);
        assertThat(shown("raw", "orders", "id")).hasSize(8);
    }

    @Test
    void recordNamesStayPartitionsThroughReplayAndCompaction() throws Exception {
        partitionBy = Optional.of(Source.Kafka.RECORD_NAME);
        send(order(KNOWN, 1), order(LATER, 2));
        land(lake(Step.Listener.NONE));
        registry.register(LATER, V2.toString());
        replay();
        assertThat(compact(lake(Step.Listener.NONE))).hasSize(1);
        assertThat(lake(Step.Listener.NONE).ledger(RAW).read().partitionsOf(LocalDate.parse("2024-01-01")))
                .singleElement()
                .satisfies(placed -> assertThat(placed.partition().recordName()).hasValue("order"));
        assertThat(shown("raw", "orders", "id")).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void topicsStayPartitionsThroughReplayAndCompaction() throws Exception {
        partitionBy = Optional.of(Source.Kafka.TOPIC);
        send(order(KNOWN, 1), order(LATER, 2));
        land(lake(Step.Listener.NONE));
        registry.register(LATER, V2.toString());
        replay();
        assertThat(compact(lake(Step.Listener.NONE))).hasSize(1);
        LedgerState state = lake(Step.Listener.NONE).ledger(RAW).read();
        assertThat(state.partitionsOf(LocalDate.parse("2024-01-01")))
                .singleElement()
                .satisfies(placed -> {
                    assertThat(placed.partition().recordName()).hasValue(topic);
                    assertThat(placed.partition().path()).endsWith("/date=2024-01-01/topic=" + topic);
                });
        assertThat(state.columns()).containsKey("offset").doesNotContainKey("topic");
        assertThat(local.metastore().getTable(prefix + "raw", "orders").getPartitionKeys())
                .extracting(FieldSchema::getName)
                .containsExactly("date", "batch", "topic");
        assertThat(shown("raw", "orders", "id")).containsExactlyInAnyOrder("1", "2");
    }

    @Test
    void aLandingBesideACompactionIsNoPartOfIt() throws Exception {
        for (int i = 0; i < 3; i++) {
            send(order(KNOWN, i));
            land(lake(Step.Listener.NONE));
        }
        Lake raced = lake(step -> {
            if (step == Step.WRITTEN) {
                unchecked(() -> {
                    send(order(KNOWN, 3));
                    return land(lake(Step.Listener.NONE));
                });
            }
        });
        assertThat(compact(raced)).hasSize(1);
        assertThat(shown("raw", "orders", "id")).containsExactlyInAnyOrder("0", "1", "2", "3");
    }

    @Test
    void dyingInACompactionLosesAndDoublesNothing() throws Exception {
        for (Step step : Step.values()) {
            send(order(KNOWN, 2L * step.ordinal()));
            land(lake(Step.Listener.NONE));
            send(order(KNOWN, 2L * step.ordinal() + 1));
            land(lake(Step.Listener.NONE));
            Lake dying = lake(reached -> {
                if (reached == step) {
                    throw new Killed();
                }
            });
            assertThatThrownBy(() -> compact(dying)).as("at %s", step).isInstanceOf(Killed.class);
            assertThat(shown("raw", "orders", "id"))
                    .as("after dying at %s", step)
                    .hasSize(2 * step.ordinal() + 2)
                    .doesNotHaveDuplicates();
            compact(lake(Step.Listener.NONE));
            assertThat(shown("raw", "orders", "id"))
                    .as("after dying at %s and running again", step)
                    .hasSize(2 * step.ordinal() + 2)
                    .doesNotHaveDuplicates();
        }
    }

    private static List<MaintenanceAction> compact(Lake lake) throws Exception {
        try (Publisher publisher = lake.publisher()) {
            return new Compact(lake, publisher, () -> {
                        throw new AssertionError("asked for Spark");
                    })
                    .run(lake.table(RAW), false);
        }
    }

    private void clean() throws Exception {
        Lake lake = lake(Clock.offset(Clock.systemUTC(), Duration.ofDays(8)), Step.Listener.NONE);
        try (Publisher publisher = lake.publisher()) {
            new Clean(lake, publisher, Clean.KEPT, TestingSpark.UNUSED).run(lake.table(RAW), false);
        }
    }
}
