package dev.igarape.model.compile.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.Pipeline;
import dev.igarape.model.compile.TestProject;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PipelineReaderTest {
    private static final String FILE = "pipelines/shop/pipeline.yaml";

    @TempDir
    private Path folder;

    @Test
    void areReadWhole() {
        Pipeline pipeline = project(
                        TestProject.HEAD.replace("tables:", "timezone: Europe/Lisbon\ntags: [a, b]\ntables:"))
                .manifest()
                .pipelines()
                .get(0);
        assertThat(pipeline.name()).isEqualTo("shop");
        assertThat(pipeline.description()).isEmpty();
        assertThat(pipeline.owner()).isEqualTo("data-platform");
        assertThat(pipeline.schedule()).isEqualTo("@daily");
        assertThat(pipeline.startDate()).isEqualTo(LocalDate.of(2024, 1, 1));
        assertThat(pipeline.timezone()).isEqualTo(ZoneId.of("Europe/Lisbon"));
        assertThat(pipeline.tags()).containsExactly("a", "b");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "pipeline: shop | pipeline: shopp | :1: pipeline 'shopp' lies in folder shop. Name the pipeline like",
                "pipeline: shop | note: x | unknown key 'note' in a pipeline.",
                "pipeline: shop | pipeline: | :1: 'pipeline' is empty.",
                "owner: data-platform | owner: yes | ",
                "owner: data-platform | owner: true | :2: 'owner' is true or false where text belongs. Put it in"
                        + " quotes if it is meant as text.",
                "owner: data-platform | owner: [a] | :2: 'owner' is a list where text belongs.",
                "owner: data-platform | owner: 'a' # b | ",
                "start_date: 2024-01-01 | start_date: 01/01/2024 | :4: start_date '01/01/2024' is not a date.",
                "start_date: 2024-01-01 | start_date: \"20\\n24\" | :4: start_date '20 24' is not a date.",
                "start_date: 2024-01-01 | start_date: 2024 | :4: 'start_date' is a number where text belongs.",
                "start_date: 2024-01-01 | timezone: +03:00 | unknown timezone '+03:00'.",
                "start_date: 2024-01-01 | tags: [x, x] | tag 'x' is given twice.",
                "start_date: 2024-01-01 | tags: [1] | an item of 'tags' is a number, not a word.",
                "start_date: 2024-01-01 | <<: {a: b} | unknown key '<<' in a pipeline.",
                "start_date: 2024-01-01 | ? [a] | :4: a key is a list or a mapping.",
                "start_date: 2024-01-01 | start_date: 2024-01-01 # x%pipeline: shop | :5: 'pipeline' is given twice,"
                        + " first on line 1."
            })
    void areChecked(String line, String instead, String fault) {
        String head = TestProject.HEAD.replace(
                line.strip(), instead == null ? "" : instead.strip().replace("%", "\n"));
        assertThat(project(head).diagnostics()).satisfies(diagnostics -> {
            if (fault == null) {
                assertThat(diagnostics).isEmpty();
            } else {
                assertThat(diagnostics).anySatisfy(found -> assertThat(found).contains(fault));
            }
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | pipeline.yaml: is empty. Start with `pipeline: <name>`.",
                "# nothing | pipeline.yaml: is empty.",
                "[a] | pipeline.yaml:1: holds no mapping.",
                "a: [b | pipeline.yaml:1: is not YAML: ",
                "a: \"b | pipeline.yaml:1: is not YAML: ",
                "a: *b | pipeline.yaml:1: is not YAML: ",
                "a: @b | pipeline.yaml:1: is not YAML: "
            })
    void areYaml(String text, String fault) {
        assertThat(new TestProject(folder).with(FILE, text).diagnostics())
                .singleElement()
                .asString()
                .contains(fault);
    }

    @Test
    void areNotEndlesslyDeep() {
        assertThat(new TestProject(folder)
                        .with(FILE, "a: " + "[".repeat(10_000))
                        .diagnostics())
                .containsExactly(FILE + ": nests more than 50 levels. Flatten it.");
    }

    @Test
    void areOneDocument() {
        assertThat(new TestProject(folder).with(FILE, "a: b\n---\nc: d\n").diagnostics())
                .singleElement()
                .asString()
                .contains("is not YAML: but found another document");
    }

    @Test
    void areUtf8() throws IOException {
        new TestProject(folder).with(FILE, "");
        Files.write(folder.resolve(FILE), new byte[] {'a', ':', (byte) 0xff});
        assertThat(new TestProject(folder).diagnostics())
                .containsExactly(FILE + ": is not UTF-8 text. Save it as UTF-8.");
    }

    @Test
    void needTheirFile() {
        assertThat(new TestProject(folder)
                        .with("pipelines/a/pipeline.yml", "")
                        .with("pipelines/b/x.sql", "")
                        .with("pipelines/_c/x.sql", "")
                        .with("pipelines/README.md", "")
                        .diagnostics())
                .containsExactly(
                        "pipelines/a: holds no pipeline.yaml. Rename pipeline.yml to pipeline.yaml.",
                        "pipelines/b: holds no pipeline.yaml. Add one, or remove the folder.");
    }

    @Test
    void lieInAProject() throws IOException {
        assertThatThrownBy(() -> new TestProject(folder).compile())
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining("There is no folder pipelines/ in")
                .hasMessageEndingWith("name it with --project DIR.");
        Files.createDirectory(folder.resolve("pipelines"));
        assertThatThrownBy(() -> new TestProject(folder).compile()).hasMessageContaining("holds no pipeline.");
    }

    private TestProject project(String head) {
        return new TestProject(folder).with(FILE, head + TestProject.LANDING);
    }
}
