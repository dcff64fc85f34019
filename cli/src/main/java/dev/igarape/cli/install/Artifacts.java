package dev.igarape.cli.install;

import dev.igarape.cli.base.Workspace;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/**
 * The jars that this checkout builds. They run from copies in the state folder, which are replaced atomically, so that a
 * build does not overwrite the jar of a running process.
 */
public final class Artifacts {
    private final Workspace workspace;

    public Artifacts(Workspace workspace) {
        this.workspace = workspace;
    }

    /** The fat jar of the jobs. */
    public Path jobs() {
        return copy("jobs", "igarape-jobs-*-all.jar");
    }

    /** The HTTP API. */
    public Path api() {
        return copy("api", "igarape-api-*.jar");
    }

    /** The benchmarks. */
    public Path bench() {
        return copy("bench", "igarape-bench-*.jar");
    }

    private Path copy(String module, String pattern) {
        Path built = built(module, pattern);
        Path copy = workspace.state().resolve("lib").resolve(module + ".jar");
        try {
            if (!Files.exists(copy) || Files.mismatch(built, copy) != -1) {
                Files.createDirectories(copy.getParent());
                Path temporary = copy.resolveSibling(
                        "." + module + "." + ProcessHandle.current().pid());
                Files.copy(built, temporary, StandardCopyOption.REPLACE_EXISTING);
                Files.move(temporary, copy, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot copy " + built + " to " + copy, e);
        }
        return copy;
    }

    private Path built(String module, String pattern) {
        Path folder = workspace.home().resolve(module).resolve("target");
        try (Stream<Path> files = Files.list(folder)) {
            java.nio.file.PathMatcher matcher = folder.getFileSystem().getPathMatcher("glob:" + pattern);
            return files.filter(file -> matcher.matches(file.getFileName()))
                    .filter(file -> !file.toString().endsWith("-sources.jar"))
                    .findFirst()
                    .orElseThrow(() -> missing(folder, pattern));
        } catch (IOException e) {
            throw missing(folder, pattern);
        }
    }

    private static LakeException missing(Path folder, String pattern) {
        return new LakeException(
                ExitCode.USAGE,
                "There is no %s in %s. Build the project: mvn -DskipTests package".formatted(pattern, folder));
    }
}
