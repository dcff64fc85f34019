package dev.igarape.jobs.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.quarantine.Quarantine;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Records in quarantine that get another try. */
final class ReplayTest extends LandedTopicTestBase {
    @Test
    void poisonGetsInOnceItsSchemaIsThere() throws Exception {
        send(order(KNOWN, 1), order(LATER, 2), new byte[] {1, 2}, order(LATER, 3));
        assertThat(land(lake(Step.Listener.NONE)).balance()).isEqualTo(Balance.landed(4, 1, 3));
        assertThat(counts())
                .containsExactly(entry("2024-01-01 short_message", 1L), entry("2024-01-01 unknown_schema_id", 2L));
        assertThat(replay().outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
        registry.register(LATER, V2.toString());

        TableRun run = replay();

        assertThat(run.balance()).isEqualTo(Balance.landed(3, 2, 1));
        assertThat(shown("raw", "orders", "id")).containsExactlyInAnyOrder("1", "2", "3");
        assertThat(shown("quarantine", "raw_orders", "rule")).containsExactly("short_message");
        LedgerState state = lake(Step.Listener.NONE).ledger(RAW).read();
        assertThat(state.nextOffsets()).isEqualTo(Map.of(topic, Map.of(0, 4L)));
        assertThat(state.avroSchema().orElseThrow()).contains("note");
        assertThat(rows(state.partitions()) + rows(state.quarantine())).isEqualTo(4);
    }

    @Test
    void aSecondReplayChangesNothing() throws Exception {
        send(order(LATER, 1), order(KNOWN, 2));
        land(lake(Step.Listener.NONE));
        registry.register(LATER, V2.toString());
        assertThat(replay().sequence()).isEqualTo(2);
        assertThat(replay().outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
        assertThat(replay().sequence()).isEqualTo(2);
        assertThat(shown("raw", "orders", "id")).containsExactlyInAnyOrder("1", "2");
        assertThat(shown("quarantine", "raw_orders", "rule")).isEmpty();
        assertThat(counts()).isEmpty();
    }

    @Test
    void aReplayThatLandsNothingLeavesNoFiles() throws Exception {
        send(order(LATER, 1), order(KNOWN, 2));
        land(lake(Step.Listener.NONE));
        List<String> before = folders();
        assertThat(replay().balance()).isEqualTo(Balance.landed(1, 0, 1));
        assertThat(folders()).isEqualTo(before);
    }

    @Test
    void dyingAnywhereAndReplayingAgainLandsEachRecordOnce() throws Exception {
        long id = 0;
        for (Step step : Step.values()) {
            registry.register(LATER, V2.toString());
            int unknown = 100 + step.ordinal();
            send(order(unknown, id++), order(KNOWN, id++));
            land(lake(Step.Listener.NONE));
            registry.register(unknown, V2.toString());
            Lake dying = lake(reached -> {
                if (reached == step) {
                    throw new Killed();
                }
            });
            assertThatThrownBy(() -> replay(dying)).as("at %s", step).isInstanceOf(Killed.class);
            replay();
            List<String> all = Stream.iterate(0L, n -> n + 1)
                    .limit(id)
                    .map(String::valueOf)
                    .toList();
            assertThat(shown("raw", "orders", "id"))
                    .as("after dying at %s", step)
                    .containsExactlyInAnyOrderElementsOf(all);
            assertThat(shown("quarantine", "raw_orders", "rule")).isEmpty();
        }
    }

    @Test
    void aReplayDoesNotMixTwoKindsOfPartitions() throws Exception {
        send(order(LATER, 1), order(KNOWN, 2));
        land(lake(Step.Listener.NONE));
        registry.register(LATER, V2.toString());
        partitionBy = Optional.of(Source.Kafka.RECORD_NAME);
        assertThatThrownBy(() -> replay())
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("was landed without `partition_by` before");
        partitionBy = Optional.empty();
        assertThat(replay().balance()).isEqualTo(Balance.landed(1, 1, 0));
    }

    @Test
    void twoReplaysAtOnceLandEachRecordOnce() throws Exception {
        send(order(LATER, 1), order(LATER, 2), order(KNOWN, 3));
        land(lake(Step.Listener.NONE));
        registry.register(LATER, V2.toString());
        AtomicInteger rounds = new AtomicInteger();
        Lake raced = lake(step -> {
            if (step == Step.WRITTEN && rounds.getAndIncrement() == 0) {
                assertThat(unchecked(() -> replay()).outcome()).isEqualTo(TableRun.Outcome.COMMITTED);
            }
        });
        assertThat(replay(raced).outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
        assertThat(rounds).hasValue(1);
        assertThat(shown("raw", "orders", "id")).containsExactlyInAnyOrder("1", "2", "3");
    }

    @Test
    void aLandingBesideAReplayLosesAndDoublesNothing() throws Exception {
        send(order(LATER, 1), order(KNOWN, 2));
        land(lake(Step.Listener.NONE));
        registry.register(LATER, V2.toString());
        AtomicInteger rounds = new AtomicInteger();
        Lake raced = lake(step -> {
            if (step == Step.WRITTEN && rounds.getAndIncrement() == 0) {
                unchecked(() -> {
                    send(order(KNOWN, 3), order(LATER, 4));
                    return land(lake(Step.Listener.NONE));
                });
            }
        });
        replay(raced);
        assertThat(shown("raw", "orders", "id")).containsExactlyInAnyOrder("1", "2", "3", "4");
        assertThat(shown("quarantine", "raw_orders", "rule")).isEmpty();
    }

    @Test
    void anAnswerOfAnApiIsNeverInQuarantine() throws Exception {
        Source source = new Source.Http("http://127.0.0.1", Map.of(), "json", Optional.empty());
        Table table = new Table(
                TableName.parse("raw.answers"),
                "",
                new LandingDefinition(source),
                Map.of(),
                List.of(),
                List.of(),
                "forever",
                "hash");
        assertThatThrownBy(() -> new Replay(lake(Step.Listener.NONE), (t, l) -> {}, () -> null).run(table))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining("keeps every answer of its source as received");
    }

    private Map<String, Long> counts() throws Exception {
        Lake lake = lake(Step.Listener.NONE);
        Map<String, Long> counts = new TreeMap<>();
        new Quarantine(lake)
                .counts(lake.table(RAW))
                .forEach(count -> counts.put(count.date() + " " + count.rule(), count.rows()));
        return counts;
    }

    private List<String> folders() throws IOException {
        List<String> names = new ArrayList<>();
        for (TableName table : List.of(RAW, RAW.quarantine())) {
            Path root = Path.of(URI.create(lake(Step.Listener.NONE).target().folder(table)));
            try (Stream<Path> children = Files.list(root)) {
                children.map(child -> child.getFileName().toString()).sorted().forEach(names::add);
            }
        }
        return names;
    }
}
