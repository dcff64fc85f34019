package dev.igarape.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.cli.OwnStack;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's own project, from nothing to tests that run; no server is needed. */
@OwnStack
final class ProjectIT {
    private static final Path HOME =
            Path.of(System.getProperty("igarape.home", "..")).toAbsolutePath().normalize();

    @TempDir
    private Path folder;

    @Test
    void aNewPipelineCompilesAndPassesItsTest() throws Exception {
        LakeCommand lake = new LakeCommand(HOME, folder.resolve("state"));
        String project = folder.resolve("mine").toString();
        Files.createDirectory(Path.of(project));
        assertThat(lake.run("new", "shop", "--project", project).succeeded().out())
                .contains("lake test shop");
        assertThat(lake.run("compile", "--project", project).succeeded().out()).startsWith("1 pipelines, 3 tables");
        assertThat(lake.run("test", "shop", "--project", project).succeeded().out())
                .contains("ok      shop/one_day", "1 test, 0 failed");
        // A setting that was not filled in.
        assertThat(folder.resolve("state/${LOG_DIR}")).doesNotExist();
        String deployed = Files.readString(folder.resolve("state/manifest.json"));

        assertThat(lake.call("new", "shop", "--project", project).status()).isEqualTo(2);
        assertThat(lake.call("new", "Shop", "--project", project).status()).isEqualTo(2);
        assertThat(lake.call("new", "insights").status()).isEqualTo(2);

        Path test = Path.of(project, "pipelines/shop/tests/one_day.yaml");
        Files.writeString(test, Files.readString(test).replace("events: 2", "events: 3"));
        LakeCommand.Result failed = lake.run("test", "--project", project);
        assertThat(failed.status()).isNotZero();
        assertThat(failed.out())
                .contains(
                        "FAILED  shop/one_day",
                        "gold.shop_daily on 2024-01-01: 1 row is missing (-), 1 is unexpected (+)")
                .contains("- event_name=\"click\"  events=3", "+ event_name=\"click\"  events=2");
        assertThat(folder.resolve("state/manifest.json")).hasContent(deployed);
    }

    @Test
    void theProjectIsTheFolderThatOneIsIn() throws Exception {
        Path project = Files.createDirectory(folder.resolve("mine"));
        LakeCommand lake = new LakeCommand(HOME, folder.resolve("state")).in(project);
        lake.run(Map.of(), "new", "shop").succeeded();
        assertThat(project.resolve("pipelines/shop/pipeline.yaml")).exists();
        assertThat(lake.run(Map.of(), "compile").succeeded().out()).startsWith("1 pipelines");
    }
}
