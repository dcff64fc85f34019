package dev.igarape.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.cli.base.Workspace;
import dev.igarape.cli.stack.config.Profile;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MachineChecksTest {
    @TempDir
    private Path folder;

    @Test
    void aMissingProgramIsNamedWithThePackageThatBringsIt() {
        HealthCheck python =
                check(Map.of("LAKE_PYTHON", folder.resolve("no-python").toString()), "Python");
        assertThat(python.passed()).isFalse();
        assertThat(python.finding()).contains("no-python' does not run");
        assertThat(python.remedy()).contains("Install 3.11 or newer: sudo apt install python3 python3-venv");
    }

    @Test
    void whatIsThereIsShownWithItsVersion() {
        HealthCheck java = check(Map.of(), "JDK 17");
        assertThat(java.passed()).isTrue();
        assertThat(java.finding()).startsWith("Java 17 in ");
    }

    private HealthCheck check(Map<String, String> environment, String name) {
        Workspace workspace = new Workspace(folder, folder.resolve("state"), folder.resolve("cache"));
        return new MachineChecks(workspace, Profile.LOCAL, environment)
                .checks(0).stream()
                        .filter(check -> check.name().equals(name))
                        .findFirst()
                        .orElseThrow();
    }
}
