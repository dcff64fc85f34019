package dev.igarape.jobs.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.quarantine.Quarantine;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Records of a topic that go to quarantine, and how they are shown there. */
final class QuarantinedRecordsTest extends LandedTopicTestBase {
    @Test
    void aLandingThatDiesAnywhereAndRunsAgainLandsEachRecordOnce() throws Exception {
        List<Step> reached = new ArrayList<>();
        long id = 0;
        for (Step step : Step.values()) {
            send(order(KNOWN, id++), new byte[] {1, 2});
            Lake dying = lake(at -> {
                if (at == step) {
                    reached.add(step);
                    throw new Killed();
                }
            });
            try {
                land(dying);
            } catch (Killed expected) {
                // As it should.
            }
            land(lake(Step.Listener.NONE));
            assertThat(shown("raw", "orders", "id"))
                    .as("after dying at %s", step)
                    .hasSize((int) id);
            assertThat(shown("quarantine", "raw_orders", "rule")).hasSize((int) id);
        }
        assertThat(shown("raw", "orders", "id")).doesNotHaveDuplicates();
        // Each batch is a partition of its own: nothing but quarantine's dates is ever altered.
        assertThat(reached).contains(Step.values());
    }

    @Test
    void showsWhereAReadableRecordCameFromAndWhatItSays() throws Exception {
        registry.register(LATER, V2.toString());
        byte[] withTail = new byte[order(LATER, 5).length + 1];
        System.arraycopy(order(LATER, 5), 0, withTail, 0, withTail.length - 1);
        send(withTail, new byte[] {(byte) 0xff}, "hello".getBytes(StandardCharsets.UTF_8), order(50, 6));
        land(lake(Step.Listener.NONE));
        registry.register(50, V1.toString());
        Lake lake = lake(Step.Listener.NONE);

        List<Map<String, Object>> rows = new Quarantine(lake)
                .rows(lake.table(RAW), new Quarantine.Filter(Optional.empty(), Optional.empty(), 10));

        assertThat(rows).hasSize(4);
        assertThat(rows.get(0)).contains(entry("rule", "undecodable"), entry("offset", 0L), entry("schema_id", LATER));
        assertThat(rows.get(1)).contains(entry("rule", "short_message"), entry("value_base64", "/w=="));
        assertThat(rows.get(2)).contains(entry("rule", "bad_magic"), entry("value", "hello"));
        assertThat(rows.get(3))
                .contains(
                        entry("rule", "unknown_schema_id"),
                        entry("topic", topic),
                        entry("partition", 0),
                        entry("offset", 3L),
                        entry("timestamp", "2024-01-01T12:00:00Z"),
                        entry("value_json", "{\"id\":6}"));
        assertThat(new Quarantine(lake)
                        .rows(lake.table(RAW), new Quarantine.Filter(Optional.empty(), Optional.of("bad_magic"), 10)))
                .hasSize(1);
        assertThat(new Quarantine(lake)
                        .rows(lake.table(RAW), new Quarantine.Filter(Optional.empty(), Optional.empty(), 2)))
                .hasSize(2);
    }
}
