package dev.igarape.cli.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.cli.base.Workspace;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.Manifest;
import dev.igarape.model.Pipeline;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DeploymentTest {
    private static final TableName SHOP = TableName.parse("gold.shop");
    private static final TableName MUSIC = TableName.parse("gold.music");

    @TempDir
    private Path folder;

    private Workspace workspace;
    private Deployment deployment;

    @BeforeEach
    void nothingDeployed() {
        workspace = new Workspace(folder, folder.resolve("state"), folder);
        deployment = new Deployment(workspace);
    }

    @Test
    void tellsWhatIsNoLongerScheduled() {
        assertThat(deployment.isReadable()).isFalse();
        assertThat(deployment.deploy(manifest(pipeline("shop", "a"), pipeline("music", "a"))))
                .isEmpty();
        assertThat(deployment.isReadable()).isTrue();
        assertThat(deployment.deploy(manifest(pipeline("music", "b")))).containsExactly("shop");
    }

    @Test
    void tellsWhichTablesItWouldBuildOtherwise() {
        Manifest now = manifest(pipeline("shop", "b"), pipeline("music", "a"));
        assertThat(deployment.changed(now, List.of(SHOP, MUSIC))).isEmpty();
        deployment.deploy(manifest(pipeline("shop", "a"), pipeline("music", "a")));
        assertThat(deployment.changed(now, List.of(SHOP, MUSIC))).containsExactly(SHOP);
        assertThat(deployment.changed(now, List.of(MUSIC))).isEmpty();
        deployment.deploy(manifest(pipeline("music", "a")));
        assertThat(deployment.changed(now, List.of(SHOP, MUSIC))).isEmpty();
    }

    @Test
    void replacesWhatItCannotRead() throws IOException {
        Files.createDirectories(workspace.state());
        Files.writeString(workspace.manifest(), "{\"version\": 0}");
        assertThat(deployment.isReadable()).isFalse();
        Manifest now = manifest(pipeline("shop", "a"));
        assertThat(deployment.changed(now, List.of(SHOP))).isEmpty();
        assertThat(deployment.deploy(now)).isEmpty();
        assertThat(deployment.isReadable()).isTrue();
        assertThat(deployment.changed(manifest(pipeline("shop", "b")), List.of(SHOP)))
                .containsExactly(SHOP);
    }

    private static Manifest manifest(Pipeline... pipelines) {
        return new Manifest(Manifest.VERSION, Stream.of(pipelines).toList());
    }

    private static Pipeline pipeline(String name, String hash) {
        Table table = new Table(
                TableName.parse("gold." + name),
                "",
                new DailyDefinition("SELECT 1"),
                Map.of(),
                List.of(),
                List.of(),
                "forever",
                hash);
        return new Pipeline(
                name, "", "tests", "none", LocalDate.of(2024, 1, 1), ZoneOffset.UTC, List.of(), List.of(table));
    }
}
