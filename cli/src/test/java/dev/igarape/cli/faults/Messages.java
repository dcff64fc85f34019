package dev.igarape.cli.faults;

import static dev.igarape.cli.faults.Stage.FIRST;
import static dev.igarape.cli.faults.Stage.LANDED_ONLY;
import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.cli.e2e.LakeCommand;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a topic may hold, lose and become. */
final class Messages {
    private static final String GAPS = "raw.gaps";
    private static final String FUZZ = "raw.fuzz";

    private final Stage stage;

    Messages(Stage stage) {
        this.stage = stage;
    }

    Map<String, Trial> ofKafka() {
        if (!stage.isLong()) {
            return Map.of("an aborted transaction, and a partition added", () -> {
                stage.sendAborted(LANDED_ONLY);
                stage.marks().addPartition();
                stage.sendAndLand(LANDED_ONLY);
            });
        }
        Map<String, Trial> trials = new LinkedHashMap<>();
        trials.put("an aborted transaction", () -> {
            stage.sendAborted(LANDED_ONLY);
            stage.sendAndLand(LANDED_ONLY);
        });
        trials.put("a partition added", () -> {
            stage.marks().addPartition();
            stage.sendAndLand(LANDED_ONLY);
        });
        trials.put("offsets expired", () -> gap(stage.poison()::expire));
        trials.put("a topic created anew", () -> gap(stage.poison()::recreate));
        return trials;
    }

    Map<String, Trial> fuzzed() {
        return Map.of("fuzz", this::fuzz);
    }

    /** What does away with records that were not landed. */
    private interface Loss {
        void strike() throws Exception;
    }

    /** Records that Kafka has lost stop the landing, until somebody accepts the gap on record. */
    private void gap(Loss loss) throws Exception {
        stage.poison().send(10);
        // A trial that was cut off may have left a gap.
        stage.run(GAPS, FIRST, "--accept-gap");
        stage.poison().send(10);
        loss.strike();
        stage.poison().send(5);
        LakeCommand.Result refused = stage.attempt(GAPS, FIRST);
        assertThat(refused.status()).as(refused.err()).isEqualTo(5);
        stage.run(GAPS, FIRST, "--accept-gap");
        stage.run(GAPS, FIRST);
    }

    /** Whatever comes as a message ends in the table or in quarantine, once, and both can be read. */
    private void fuzz() throws Exception {
        FaultLake lake = stage.lake();
        long count = stage.poison().fuzz(stage.seed(), stage.isLong() ? 10_000 : 500, stage.isLong());
        stage.run(FUZZ, FIRST);
        stage.run(FUZZ, FIRST);
        long there = 0;
        for (String table : new String[] {FUZZ, "quarantine.raw_fuzz"}) {
            long rows = lake.number("SELECT count(*) FROM " + table);
            long places =
                    lake.number("SELECT count(*) FROM (SELECT DISTINCT partition, \"offset\" FROM " + table + ")");
            assertThat(places).isEqualTo(rows);
            there += rows;
        }
        assertThat(there).isEqualTo(count);
        assertThat(lake.number("SELECT count(value.at) FROM " + FUZZ)).isPositive();
    }
}
