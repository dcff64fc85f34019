package dev.igarape.cli.jobs;

import dev.igarape.cli.Workspace;
import dev.igarape.cli.install.Fingerprint;
import dev.igarape.cli.install.Installer;
import dev.igarape.model.ExitCode;
import dev.igarape.model.LakeException;
import dev.igarape.model.Manifest;
import dev.igarape.model.ManifestFile;
import dev.igarape.model.compile.ProjectCompiler;
import dev.igarape.model.compile.ProjectTargets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A project's definitions and the manifest made from them, which the local Airflow and the jobs read. */
public final class Project {
    private final Path folder;
    private final Workspace workspace;
    private final Installer installer;

    public Project(Path folder, Workspace workspace, Installer installer) {
        this.folder = folder.toAbsolutePath().normalize();
        this.workspace = workspace;
        this.installer = installer;
    }

    /** Writes the manifest anew; throws with every fault of the definitions. */
    public Manifest compile() {
        Spark spark = Spark.install(workspace, installer);
        // Taken before reading, so that a change while compiling is compiled the next time.
        String state = state(spark);
        try (SparkSql sql = SparkSql.of(spark)) {
            Manifest manifest =
                    new ProjectCompiler(sql.parser()).compile(folder).orThrow();
            ManifestFile.write(manifest, workspace.manifest());
            Files.writeString(note(), state);
            return manifest;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The manifest of the definitions as they are now. */
    public Manifest manifest() {
        try {
            if (Files.exists(workspace.manifest())
                    && Files.exists(note())
                    && Files.readString(note()).equals(state(Spark.install(workspace, installer)))) {
                return ManifestFile.read(workspace.manifest());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return compile();
    }

    /** The project's folder. */
    public Path folder() {
        return folder;
    }

    /** Where the project runs. */
    public ProjectTargets targets() {
        return ProjectTargets.read(folder);
    }

    /** The folder that declares a pipeline. */
    public Path pipeline(String name) {
        return folder.resolve("pipelines").resolve(name);
    }

    private Path note() {
        return workspace.state().resolve("manifest.from");
    }

    private String state(Spark spark) {
        Path pipelines = folder.resolve("pipelines");
        if (!Files.isDirectory(pipelines)) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "There is no folder pipelines/ in %s, so it is not a project. Name the project's folder with --project DIR."
                            .formatted(folder));
        }
        try {
            return folder + " "
                    + new Fingerprint()
                            .content(pipelines)
                            .text(Files.getLastModifiedTime(spark.jar()).toString())
                            .hex();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
