package dev.igarape.model.compile;

import dev.igarape.model.Manifest;
import dev.igarape.model.compile.diagnostic.Diagnostic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A project on disk, made for one test. */
public final class TestProject {
    /** A pipeline's head, to which tables are appended. */
    public static final String HEAD = """
            pipeline: shop
            owner: data-platform
            schedule: "@daily"
            start_date: 2024-01-01
            tables:
            """;

    public static final String LANDING = """
              raw.orders:
                landing: {kafka: {topics: [orders]}}
            """;

    private final Path folder;

    public TestProject(Path folder) {
        this.folder = folder;
    }

    /** Writes a file, by its path from the project's folder. */
    public TestProject with(String file, String text) {
        try {
            Path path = folder.resolve(file);
            Files.createDirectories(path.getParent());
            Files.writeString(path, text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes {@code pipelines/shop/pipeline.yaml} with these tables below {@link #HEAD}. */
    public TestProject tables(String... tables) {
        return with("pipelines/shop/pipeline.yaml", HEAD + String.join("", tables));
    }

    public Compilation compile() {
        return new ProjectCompiler(new TinySqlParser()).compile(folder);
    }

    public Manifest manifest() {
        return compile().orThrow();
    }

    /** The faults as users see them; empty where it compiles. */
    public List<String> diagnostics() {
        return compile() instanceof Compilation.Failed failed
                ? failed.diagnostics().stream().map(Diagnostic::toString).toList()
                : List.of();
    }
}
