package dev.igarape.jobs.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.ledger.Step;
import dev.igarape.model.Manifest;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.targets.Target;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class HadoopSettingsTest {
    private static final String NAME = "dfs.ha.namenodes.lake-of-a-test";

    @AfterEach
    void forget() {
        System.clearProperty("spark.hadoop." + NAME);
    }

    private static Target target(String hdfs, Map<String, String> hadoop) {
        return new Target(
                "prod",
                "",
                hdfs,
                "/lake",
                "",
                Map.of(),
                Map.of(),
                "",
                "",
                Map.of(),
                Optional.empty(),
                Optional.of(hadoop),
                Optional.empty());
    }

    @Test
    void whatATargetSaysHoldsForFilesAndForSparkSessions() {
        Configuration hadoop = HadoopSettings.of(target("hdfs://lake-of-a-test", Map.of(NAME, "nn1,nn2")));
        assertThat(hadoop.get(NAME)).isEqualTo("nn1,nn2");
        assertThat(new SparkConf().get("spark.hadoop." + NAME)).isEqualTo("nn1,nn2");
        assertThat(HadoopSettings.load().get(NAME)).isEqualTo("nn1,nn2");
    }

    @Test
    void aNameserviceThatNobodyConfiguresIsNamed() {
        Target nowhere = target("hdfs://nowhere.invalid", Map.of());
        assertThatThrownBy(() -> Lake.open(
                        new Manifest(Manifest.VERSION, List.of()),
                        nowhere,
                        HadoopSettings.of(nowhere),
                        Clock.systemUTC(),
                        "test",
                        Step.Listener.NONE))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNAVAILABLE))
                .hasMessageContaining("Cannot open hdfs://nowhere.invalid of target prod: nowhere.invalid is neither")
                .hasMessageContaining("Name the nameservice's NameNodes in the target's 'hadoop'");
    }
}
