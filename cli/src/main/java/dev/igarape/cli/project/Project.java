package dev.igarape.cli.project;

import dev.igarape.cli.base.Workspace;
import dev.igarape.cli.install.Fingerprint;
import dev.igarape.cli.install.Installer;
import dev.igarape.cli.spark.Spark;
import dev.igarape.cli.spark.SparkSql;
import dev.igarape.model.Manifest;
import dev.igarape.model.ManifestFile;
import dev.igarape.model.compile.Compilation;
import dev.igarape.model.compile.ProjectCompiler;
import dev.igarape.model.compile.diagnostic.Diagnostic;
import dev.igarape.model.compile.targets.ProjectTargets;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * A project: definitions, and the manifests compiled from them for the jobs. There is one manifest for each state of the
 * definitions, so that no command reads what another one compiled from other definitions. What Airflow schedules is a
 * {@link Deployment}.
 */
public final class Project {
    private static final Duration KEPT = Duration.ofDays(7);

    private final Path folder;
    private final Workspace workspace;
    private final Installer installer;

    public Project(Path folder, Workspace workspace, Installer installer) {
        this.folder = folder.toAbsolutePath().normalize();
        this.workspace = workspace;
        this.installer = installer;
    }

    /**
     * A compiled project.
     *
     * @param file the manifest as a file, for the jobs; it never changes
     * @param warnings what the compiler found to be looked at; empty where the cache had the manifest
     */
    public record Compiled(Manifest manifest, Path file, List<Diagnostic> warnings) {
        public Compiled {
            warnings = List.copyOf(warnings);
        }
    }

    /** Compiles the definitions, also when that was done before; throws with all their errors. */
    public Compiled compile() {
        Spark spark = Spark.install(workspace, installer);
        Path file = file(spark);
        try (SparkSql sql = SparkSql.of(spark)) {
            Compilation compilation = new ProjectCompiler(sql.parser()).compile(folder);
            Manifest manifest = compilation.orThrow();
            // Files that were saved while they were read belong to neither state.
            if (file.equals(file(spark))) {
                clean(file.getParent());
                ManifestFile.write(manifest, file);
                return new Compiled(manifest, file, compilation.warnings());
            }
        }
        return compile();
    }

    /** The compiled definitions of now, from the cache where they have not changed; throws with all their errors. */
    public Compiled compiled() {
        Path file = file(Spark.install(workspace, installer));
        try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        } catch (NoSuchFileException e) {
            return compile();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Compiled(ManifestFile.read(file), file, List.of());
    }

    /** The project's folder. */
    public Path folder() {
        return folder;
    }

    /** The targets of the project. */
    public ProjectTargets targets() {
        return ProjectTargets.read(folder);
    }

    /** The folder of a pipeline. */
    public Path pipeline(String name) {
        return folder.resolve("pipelines").resolve(name);
    }

    /** The file for the manifest of the definitions as they are now, and of the jar that compiles them. */
    private Path file(Spark spark) {
        Path pipelines = folder.resolve("pipelines");
        if (!Files.isDirectory(pipelines)) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "There is no folder pipelines/ in %s, so it is not a project. Name the project's folder with --project DIR."
                            .formatted(folder));
        }
        try {
            String state = new Fingerprint()
                    .content(pipelines)
                    .text(Files.getLastModifiedTime(spark.jar()).toString())
                    .hex();
            return workspace.manifests().resolve(state + ".json");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Deletes manifests that no command has used for a week. */
    private static void clean(Path manifests) {
        if (!Files.isDirectory(manifests)) {
            return;
        }
        long old = Instant.now().minus(KEPT).toEpochMilli();
        try (Stream<Path> files = Files.list(manifests)) {
            for (Path file : files.toList()) {
                if (file.toFile().lastModified() < old) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
