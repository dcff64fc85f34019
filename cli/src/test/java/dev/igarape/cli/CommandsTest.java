package dev.igarape.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.Json;
import dev.igarape.model.targets.Target;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands that need no servers. */
final class CommandsTest {
    @TempDir
    private Path folder;

    private CommandLineHarness lake;

    @BeforeEach
    void inAFolderOfItsOwn() {
        lake = new CommandLineHarness(folder.resolve("state"));
    }

    @Test
    void bashCompletesCommandsAndOptions() throws Exception {
        Path script = folder.resolve("completion.bash");
        Files.writeString(script, lake.succeed("completion", "bash").out());
        assertThat(complete(script, "lake", "cred")).isEqualTo("credentials");
        assertThat(complete(script, "lake", "topic", "ta")).isEqualTo("tail");
        assertThat(complete(script, "lake", "spam", "--co")).isEqualTo("--count");
    }

    @Test
    void zshGetsTheSameScriptByItsOwnMeans() {
        assertThat(lake.succeed("completion", "zsh").out())
                .startsWith("autoload -U +X compinit")
                .endsWith(lake.succeed("completion", "bash").out());
        assertThat(lake.run("completion", "fish").status()).isEqualTo(2);
    }

    @Test
    void statusOfAStackThatNeverRanIsJsonToo() {
        assertThat(lake.succeed("status", "--output", "json").json().get("servers"))
                .isNotEmpty()
                .allSatisfy(server -> {
                    assertThat(server.get("condition").asText()).isEqualTo("STOPPED");
                    assertThat(server.get("memory_bytes").asLong()).isZero();
                });
        assertThat(lake.succeed("credentials", "--output", "json").json()).isEmpty();
    }

    @Test
    void statusOfAnotherTargetIsOfTablesThatAreNamed() {
        CommandLineHarness.Outcome outcome = lake.run("status", "--target", "production");
        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).contains("--target is for tables. Name the tables or pipelines to show.");
    }

    @Test
    void doctorEndsAsItsFindingsSay() {
        CommandLineHarness.Outcome outcome = lake.run("doctor", "--output", "json");
        boolean wellEquipped = true;
        for (com.fasterxml.jackson.databind.JsonNode check : outcome.json()) {
            assertThat(check.has("remedy")).isNotEqualTo(check.get("passed").asBoolean());
            wellEquipped &= check.get("passed").asBoolean();
        }
        assertThat(outcome.status()).isEqualTo(wellEquipped ? 0 : 2);
        assertThat(lake.run("doctor").out()).contains("JDK 17", "Disk for the stack", "Memory", "kafka");
    }

    @Test
    void topicsNeedAStack() {
        assertThat(lake.run("topic", "tail", "x").status()).isEqualTo(4);
        assertThat(lake.run("spam", "x", "--count", "1").err()).contains("Run: ./lake up");
    }

    @Test
    void serversThatDoNotAnswerAreNoBugs() throws IOException {
        Target target = new Target(
                "local",
                "",
                "hdfs://127.0.0.1:1",
                "/lake",
                "thrift://127.0.0.1:1",
                Map.of("bootstrap.servers", "127.0.0.1:1"),
                Map.of("schema.registry.url", "http://127.0.0.1:1", "max.retries", "0"),
                "jdbc:trino://127.0.0.1:1/lake",
                "lake",
                Map.of("EVENTS_API", "http://127.0.0.1:1"));
        Files.createDirectories(lake.workspace().state());
        Json.mapper().writeValue(lake.workspace().target().toFile(), target);

        CommandLineHarness.Outcome spam = lake.run("spam", "x", "--count", "1");
        assertThat(spam.status()).isEqualTo(4);
        assertThat(spam.err()).contains("the schema registry at http://127.0.0.1:1 cannot be reached", "Start");
        CommandLineHarness.Outcome query = lake.run("query", "SELECT 1");
        assertThat(query.status()).isEqualTo(4);
        assertThat(query.err()).contains("Trino at jdbc:trino://127.0.0.1:1/lake does not answer", "./lake status");
    }

    @Test
    void datesAndStatementsAreReadBeforeAnythingIsStarted() {
        for (String[] command : List.of(
                new String[] {"run", "insights", "--date", "2024-02-30"},
                new String[] {"rollback", "trusted.insights", "--date", "2024-02-30"},
                new String[] {"verify", "trusted.insights", "--date", "2024-02-30"},
                new String[] {
                    "reconcile", "trusted.x", "--url", "u", "--source", "s", "--by", "at", "--date", "2024-02-30"
                },
                new String[] {"quarantine", "show", "raw.insights", "--date", "2024-02-30"},
                new String[] {"demo", "--date", "2024-02-30"})) {
            CommandLineHarness.Outcome outcome = lake.run(command);
            assertThat(outcome.status()).isEqualTo(2);
            assertThat(outcome.err())
                    .isEqualTo(
                            "--date '2024-02-30' is not in the calendar. Write a date that exists, as in 2024-01-31.\n");
        }
        assertThat(lake.run("run", "insights", "--date", "").err()).startsWith("--date is empty.");
        assertThat(lake.run("run", "insights", "--date", "$(date)").err())
                .startsWith("--date '$(date)' is not a date.");
        assertThat(lake.run("query", " ").status()).isEqualTo(2);
    }

    @Test
    void aComparisonWithADatabaseTakesNoPasswordAndNoHalfOfADate() {
        String[] whole = {"reconcile", "trusted.x", "--url", "u", "--source", "s", "--password", "secret"};
        assertThat(lake.run(whole).status()).isEqualTo(2);
        assertThat(lake.run(whole).err())
                .contains("--password takes no password")
                .doesNotContain("secret");
        CommandLineHarness.Outcome half =
                lake.run("reconcile", "trusted.x", "--url", "u", "--source", "s", "--date", "2024-01-31");
        assertThat(half.status()).isEqualTo(2);
        assertThat(half.err()).contains("--by and --date go together");
    }

    @Test
    void liveReadsItsOptionsBeforeAnythingIsStarted() {
        CommandLineHarness.Outcome start = lake.run("live", "start", "clickstream", "--every", "0");
        assertThat(start.status()).isEqualTo(2);
        assertThat(start.err()).startsWith("--every '0' is no time from 100 ms to 60 minutes.");
        assertThat(lake.run("live", "start", "clickstream").err()).contains("Run: ./lake up");
        CommandLineHarness.Outcome status = lake.run("live", "status", "--output", "json");
        assertThat(status.status()).isEqualTo(4);
        assertThat(status.err()).contains("not running", "./lake live start");
        assertThat(lake.succeed("live", "stop").err()).contains("was not running");
        assertThat(lake.run("up", "--only", "live").err()).contains("./lake live start");
    }

    @Test
    void logsOfAStackThatNeverRanSayWhatToDo() {
        CommandLineHarness.Outcome logs = lake.run("logs", "trino");
        assertThat(logs.status()).isEqualTo(2);
        assertThat(logs.err()).contains("Run: ./lake up");
    }

    /** What bash offers for the last word. */
    private static String complete(Path script, String... words) throws IOException, InterruptedException {
        String program =
                "source %s; COMP_WORDS=(%s); COMP_CWORD=%d; COMP_LINE='%s'; _complete_lake; echo ${COMPREPLY[*]}"
                        .formatted(script, String.join(" ", words), words.length - 1, String.join(" ", words));
        Process bash = new ProcessBuilder("bash", "-c", program).start();
        String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(bash.waitFor()).isZero();
        return answer.strip();
    }
}
