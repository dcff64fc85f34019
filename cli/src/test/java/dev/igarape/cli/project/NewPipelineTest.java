package dev.igarape.cli.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class NewPipelineTest {
    @TempDir
    private Path folder;

    @Test
    void makesAProjectInAnEmptyFolder() throws Exception {
        Files.createDirectory(folder.resolve(".git"));
        List<Path> files = new NewPipeline("shop").write(folder);
        assertThat(files)
                .extracting(Path::toString)
                .containsExactly(
                        "targets.yaml",
                        "pipelines/shop/pipeline.yaml",
                        "pipelines/shop/trusted_shop.sql",
                        "pipelines/shop/shop_daily.sql",
                        "pipelines/shop/tests/one_day.yaml",
                        "pipelines/shop/README.md");
        for (Path file : files) {
            assertThat(Files.readString(folder.resolve(file))).doesNotContain("%NAME%");
        }
        assertThat(new NewPipeline("sales").write(folder)).hasSize(5);
    }

    @Test
    void changesNothingThatExists() throws IOException {
        new NewPipeline("shop").write(folder);
        Files.writeString(folder.resolve("pipelines/shop/pipeline.yaml"), "mine");
        refused(() -> new NewPipeline("shop").write(folder), "There is a pipeline shop already");
        assertThat(folder.resolve("pipelines/shop/pipeline.yaml")).hasContent("mine");
    }

    @Test
    void goesNowhereElse() throws IOException {
        Files.writeString(folder.resolve("letter.txt"), "");
        refused(
                () -> new NewPipeline("shop").write(folder),
                "is neither a project, with a folder pipelines/, nor empty");
        assertThat(folder.resolve("pipelines")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Shop", "1shop", "_shop", ".shop", "a-b", "../shop", "shop/x", "a b", "é", "x\n"})
    void refusesBadNames(String name) {
        refused(() -> new NewPipeline(name), "can't be a pipeline's name");
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String problem) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageContaining(problem);
    }
}
