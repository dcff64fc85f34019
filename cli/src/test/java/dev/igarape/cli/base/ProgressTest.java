package dev.igarape.cli.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class ProgressTest {
    @Test
    void aTerminalGetsABarAndLinesThatTakeItsPlace() {
        ByteArrayOutputStream shown = new ByteArrayOutputStream();
        work(new TerminalProgress(new PrintStream(shown, true, StandardCharsets.UTF_8)));
        assertThat(shown.toString(StandardCharsets.UTF_8))
                .startsWith("Before\n")
                .containsPattern("\r\u001b\\[KHalf done\n")
                .containsPattern("Building +100% *\\[=+>?] *2/2");
    }

    @Test
    void elsewhereThereIsALineForEachStep() {
        StringWriter written = new StringWriter();
        work(Progress.to(new PrintWriter(written)));
        assertThat(written.toString().lines()).containsExactly("Before", "Half done");
    }

    private static void work(Progress progress) {
        progress.step("Before");
        try (Progress.Bar bar = progress.bar("Building", 2)) {
            bar.advance();
            progress.step("Half done");
            bar.advance();
        }
    }
}
