package dev.igarape.cli.command.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.cli.command.project.TestCommand.Suite;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TestCommandTest {
    @TempDir
    private Path bin;

    @Test
    void nothingBeginsWithoutTheProgramsThatTestsRun() throws Exception {
        program("curl");
        List<Suite> all = List.of(Suite.UNIT, Suite.DAGS, Suite.PIPELINES, Suite.E2E);
        assertThatThrownBy(() -> TestCommand.requirePrograms(all, "/nonesuch:" + bin))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.USAGE))
                .hasMessageEndingWith("sudo apt install mariadb-server-core docker-compose chromium");
        program("mariadbd");
        assertThatCode(() -> TestCommand.requirePrograms(List.of(Suite.UNIT, Suite.PIPELINES), bin.toString()))
                .doesNotThrowAnyException();
        program("chromium");
        assertThatCode(() -> TestCommand.requirePrograms(List.of(Suite.E2E), bin.toString()))
                .doesNotThrowAnyException();
    }

    private void program(String name) throws Exception {
        Files.createFile(bin.resolve(name)).toFile().setExecutable(true);
    }
}
