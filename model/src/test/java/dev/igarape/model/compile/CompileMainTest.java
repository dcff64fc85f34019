package dev.igarape.model.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.ManifestFile;
import dev.igarape.model.error.ExitCode;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CompileMainTest {
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    @Test
    void writesTheManifest() {
        TestProject project = new TestProject(folder).tables(TestProject.LANDING);
        assertThat(run(folder.toString(), folder.resolve("manifest.json").toString()))
                .isEqualTo(ExitCode.DONE);
        assertThat(ManifestFile.read(folder.resolve("manifest.json"))).isEqualTo(project.manifest());
        assertThat(errors.size()).isZero();
    }

    @Test
    void tellsFaults() {
        new TestProject(folder).tables("  raw.orders: {}\n");
        assertThat(run(folder.toString(), folder.resolve("manifest.json").toString()))
                .isEqualTo(ExitCode.DEFINITION);
        assertThat(folder.resolve("manifest.json")).doesNotExist();
        assertThat(errors.toString(StandardCharsets.UTF_8))
                .startsWith("pipelines/shop/pipeline.yaml:6: raw.orders does not say how it is built.");
    }

    @Test
    void writesTheManifestAndWarns() {
        new TestProject(folder)
                .tables(TestProject.LANDING, """
                          trusted.orders:
                            daily: {sql: orders.sql, time: ordered_at, interval: 5 minutes}
                        """)
                .with("pipelines/shop/orders.sql", "SELECT id FROM raw.orders");
        assertThat(run(folder.toString(), folder.resolve("manifest.json").toString()))
                .isEqualTo(ExitCode.DONE);
        assertThat(folder.resolve("manifest.json")).exists();
        assertThat(errors.toString(StandardCharsets.UTF_8))
                .isEqualTo("warning: pipelines/shop/orders.sql:1: `time: ordered_at` of trusted.orders is not seen to"
                        + " come from a time of its inputs. Select the time, or window.start. `./lake verify"
                        + " trusted.orders --date D` compares a date with one computed as a whole.\n");
    }

    @Test
    void wantsTwoArguments() {
        assertThat(run()).isEqualTo(ExitCode.USAGE);
        assertThat(run("\0", "x")).isEqualTo(ExitCode.USAGE);
    }

    private ExitCode run(String... arguments) {
        PrintStream stream = new PrintStream(errors, true, StandardCharsets.UTF_8);
        return new CompileMain(new TinySqlParser(), stream).run(List.of(arguments));
    }
}
