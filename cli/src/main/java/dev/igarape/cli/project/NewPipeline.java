package dev.igarape.cli.project;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Writes the files of a new pipeline, and of a new project around it where the folder is empty. */
public final class NewPipeline {
    private static final String TEMPLATES = "/dev/igarape/cli/new/";
    /** Shorter than a table's name may be, since tables are named after the pipeline. */
    private static final String NAME = "[a-z][a-z0-9_]{0,79}";

    private static final Set<String> HARMLESS = Set.of("README.md", "LICENSE", "LICENSE.txt");

    private final String name;

    /** @throws LakeException with {@link ExitCode#USAGE} for what can't be a pipeline's name */
    public NewPipeline(String name) {
        if (!name.matches(NAME)) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "'%s' can't be a pipeline's name. Use lower-case letters, digits and underscores, starting with a letter, at most 80."
                            .formatted(name));
        }
        this.name = name;
    }

    /** Names of the tables that it declares. */
    public List<String> tables() {
        return List.of("raw." + name, "trusted." + name, "gold." + name + "_daily");
    }

    /** Whether a pipeline can be put here: into a project, or into a folder that holds nothing yet. */
    public static boolean isPlace(Path folder) {
        if (Files.isDirectory(folder.resolve("pipelines")) || !Files.exists(folder)) {
            return true;
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString())
                    .allMatch(entry -> entry.startsWith(".") || HARMLESS.contains(entry));
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Checks that the pipeline can be put into this project.
     *
     * @throws LakeException with {@link ExitCode#USAGE}
     */
    public void check(Path project) {
        if (!isPlace(project)) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "%s is neither a project, with a folder pipelines/, nor empty. Go to one or the other, or name it with --project DIR."
                            .formatted(project));
        }
        Path folder = Path.of("pipelines", name);
        if (Files.exists(project.resolve(folder))) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "There is a pipeline %s already, in %s. Choose another name."
                            .formatted(name, project.resolve(folder)));
        }
    }

    /**
     * Writes the files; nothing that exists is changed.
     *
     * @return what was written, as paths from the project's folder
     * @throws LakeException with {@link ExitCode#USAGE} as {@link #check} says
     */
    public List<Path> write(Path project) {
        check(project);
        Path folder = Path.of("pipelines", name);
        Map<Path, String> files = new LinkedHashMap<>();
        if (!Files.exists(project.resolve("pipelines")) && !Files.exists(project.resolve("targets.yaml"))) {
            files.put(Path.of("targets.yaml"), "targets.yaml");
        }
        files.put(folder.resolve("pipeline.yaml"), "pipeline.yaml");
        files.put(folder.resolve("trusted_" + name + ".sql"), "trusted.sql");
        files.put(folder.resolve(name + "_daily.sql"), "daily.sql");
        files.put(folder.resolve("tests/one_day.yaml"), "one_day.yaml");
        files.put(folder.resolve("README.md"), "README.md");
        List<Path> written = new ArrayList<>();
        try {
            for (Map.Entry<Path, String> file : files.entrySet()) {
                Path path = project.resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.writeString(path, template(file.getValue()), java.nio.file.StandardOpenOption.CREATE_NEW);
                written.add(file.getKey());
            }
        } catch (FileAlreadyExistsException e) {
            throw new LakeException(
                    ExitCode.USAGE, "%s was made meanwhile. Choose another name.".formatted(e.getFile()), e);
        } catch (IOException e) {
            throw new LakeException(
                    ExitCode.USAGE, "Cannot write to %s: %s. Check its rights and space.".formatted(project, e), e);
        }
        return written;
    }

    private String template(String file) {
        try (InputStream in = NewPipeline.class.getResourceAsStream(TEMPLATES + file)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("%NAME%", name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
