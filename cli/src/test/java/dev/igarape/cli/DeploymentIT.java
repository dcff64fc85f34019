package dev.igarape.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.Json;
import dev.igarape.model.targets.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What of all that commands compile gets to Airflow; needs the packaged jobs, but no servers. */
@OwnStack
final class DeploymentIT {
    @TempDir
    private Path folder;

    private CommandLineHarness lake;

    @BeforeEach
    void aLakeOnTheLocalDisk() throws IOException {
        lake = new CommandLineHarness(folder.resolve("state"));
        Target target = new Target(
                "local",
                "",
                "file://" + folder,
                "/lake",
                "thrift://127.0.0.1:1",
                Map.of("bootstrap.servers", "127.0.0.1:1"),
                Map.of("schema.registry.url", "http://127.0.0.1:1"),
                "jdbc:trino://127.0.0.1:1/lake",
                "lake",
                Map.of());
        Files.createDirectories(lake.workspace().state());
        Json.mapper().writeValue(lake.workspace().target().toFile(), target);
    }

    @Test
    void airflowSchedulesWhatWasCompiledAndNothingElse() throws IOException {
        String mine = project("shop");
        String other = project("visits");
        Path manifest = lake.workspace().manifest();
        assertThat(manifest).doesNotExist();
        assertThat(lake.succeed("compile", "--project", mine).out())
                .isEqualTo("1 pipelines, 3 tables: " + manifest + "\n");
        String deployed = Files.readString(manifest);
        assertThat(deployed).contains("gold.shop_daily").doesNotContain("visits");

        lake.succeed("plan", "--project", other);
        // As on another branch of the same project.
        edit("shop_daily.sql", "GROUP BY", "WHERE true GROUP BY");
        lake.succeed("compile", "--dry-run", "--project", mine);
        // There is no input; that is found out by the job.
        CommandLineHarness.Outcome run = lake.run("run", "gold.shop_daily", "--date", "2024-01-01", "--project", mine);
        assertThat(run.status()).isEqualTo(6);
        assertThat(run.err())
                .contains(
                        "Airflow schedules another definition of gold.shop_daily. Deploy this one with ./lake compile");
        assertThat(Files.readString(manifest)).isEqualTo(deployed);

        edit("pipeline.yaml", "sql: shop_daily.sql", "sql: gone.sql");
        CommandLineHarness.Outcome failed = lake.run("compile", "--project", mine);
        assertThat(failed.status()).isEqualTo(3);
        assertThat(failed.err()).contains("gone.sql", "1 fault");
        assertThat(Files.readString(manifest)).isEqualTo(deployed);

        edit("pipeline.yaml", "sql: gone.sql", "sql: shop_daily.sql");
        assertThat(lake.succeed("compile", "--project", mine).out()).doesNotContain("No longer");
        assertThat(Files.readString(manifest)).contains("gold.shop_daily", "WHERE true");

        assertThat(lake.succeed("compile", "--project", other).out())
                .endsWith("No longer scheduled by Airflow: shop\n");
        assertThat(Files.readString(manifest)).contains("visits").doesNotContain("shop");
    }

    private String project(String pipeline) throws IOException {
        String project =
                Files.createDirectory(folder.resolve(pipeline + "-project")).toString();
        lake.succeed("new", pipeline, "--project", project);
        return project;
    }

    private void edit(String file, String from, String to) throws IOException {
        Path path = folder.resolve("shop-project/pipelines/shop").resolve(file);
        String text = Files.readString(path);
        assertThat(text).contains(from);
        Files.writeString(path, text.replace(from, to));
    }
}
