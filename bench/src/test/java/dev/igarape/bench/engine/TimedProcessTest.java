package dev.igarape.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TimedProcessTest {
    @TempDir
    private Path folder;

    @Test
    void addsTimeInUserModeAndInTheKernel() {
        assertThat(TimedProcess.seconds("1m2.500s 0m0.250s")).isEqualTo(62.75);
    }

    @Test
    void countsWhatTheProcessesOfAProcessTake() throws Exception {
        String loop = "i=0; while ((i < 300000)); do ((i++)); done";
        double idle = TimedProcess.run(new ProcessBuilder("true"), folder.resolve("idle"));
        double busy = TimedProcess.run(
                new ProcessBuilder("bash", "-c", "bash -c '" + loop + "'; true"), folder.resolve("busy"));
        assertThat(busy).isGreaterThan(idle);
    }

    @Test
    void tellsTheOutputOfOneThatFails() {
        assertThatThrownBy(() -> TimedProcess.run(
                        new ProcessBuilder("bash", "-c", "echo broken; exit 3"), folder.resolve("run")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("status 3")
                .hasMessageContaining("broken");
    }
}
