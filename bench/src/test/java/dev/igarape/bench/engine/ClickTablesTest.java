package dev.igarape.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.CommitRule;
import dev.igarape.model.Json;
import dev.igarape.model.Manifest;
import dev.igarape.model.Table;
import dev.igarape.model.compile.ProjectCompiler;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.sql.SqlParser;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped pipeline, as the engines get it. */
final class ClickTablesTest {
    private static final String TOPIC = "bench.clickstream.1";

    @TempDir
    private Path folder;

    private Path project;

    @BeforeEach
    void compileTheShippedProject() throws IOException {
        project = folder.resolve("manifest.json");
        Manifest manifest = new ProjectCompiler(SqlParser.load())
                .compile(Path.of("..").toRealPath())
                .orThrow();
        Json.mapper().writeValue(project.toFile(), manifest);
    }

    private List<Table> tables(ClickTables tables) throws IOException {
        Path written = tables.manifest(project, TOPIC, folder);
        return Json.mapper().readValue(written.toFile(), Manifest.class).pipelines().stream()
                .flatMap(pipeline -> pipeline.tables().stream())
                .toList();
    }

    @Test
    void theTablesUpToTheWindowsReadAnotherTopicByIntervals() throws IOException {
        List<Table> tables = tables(ClickTables.CONTINUOUS);
        assertThat(tables)
                .extracting(table -> table.name().toString())
                .containsExactly("raw.appclickstream", "trusted.appclickstream", "gold.clickstream_windows");
        assertThat(tables.get(0).definition().kafka().orElseThrow().topics()).containsExactly(TOPIC);
        assertThat(tables.get(0).definition().commitRule()).isEmpty();
        assertThat(tables.subList(1, 3))
                .allSatisfy(table -> assertThat(table.definition().interval()).isPresent());
    }

    @Test
    void theSameTablesCanBeComputedByWholeDates() throws IOException {
        List<Table> tables = tables(new ClickTables(Optional.empty(), false));
        assertThat(tables)
                .allSatisfy(table -> assertThat(table.definition().interval()).isEmpty());
        assertThat(tables.get(2).definition().time()).contains("window_start");
    }

    @Test
    void theLandingGetsItsRule() throws IOException {
        CommitRule rule = new CommitRule(Optional.of(Duration.ofSeconds(30)), Optional.of(1_000L));
        assertThat(tables(new ClickTables(Optional.of(rule), true))
                        .get(0)
                        .definition()
                        .commitRule())
                .contains(rule);
    }

    @Test
    void aProjectWithoutThePipelineIsRefused() throws IOException {
        Json.mapper().writeValue(project.toFile(), new Manifest(Manifest.VERSION, List.of()));
        assertThatThrownBy(() -> tables(ClickTables.CONTINUOUS))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("no pipeline clickstream");
    }
}
