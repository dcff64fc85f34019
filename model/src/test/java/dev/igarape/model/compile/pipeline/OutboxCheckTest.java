package dev.igarape.model.compile.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.model.compile.TestProject;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OutboxCheckTest {
    @TempDir
    private Path folder;

    @Test
    void anOutboxIsDrainedToOneTable() {
        assertThat(diagnostics("table: public.events, drain: true"))
                .containsExactly(
                        "pipelines/shop/pipeline.yaml:8: raw.b drains public.events, which raw.a drains, too, so"
                                + " that each would get a part of its rows. Drain it to one of them, and read that one.");
        assertThat(diagnostics("table: public.events")).isEmpty();
        assertThat(diagnostics("table: other.events, drain: true")).isEmpty();
    }

    private List<String> diagnostics(String second) {
        return new TestProject(folder)
                .tables("""
                          raw.a:
                            landing: {jdbc: {url: "${DB}", table: public.events, drain: true}}
                        """, "  raw.b:\n    landing: {jdbc: {url: \"${DB}\", " + second + "}}\n")
                .diagnostics();
    }
}
