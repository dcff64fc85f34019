package dev.igarape.cli.docs;

import dev.igarape.cli.base.Workspace;
import dev.igarape.cli.install.DownloadCache;
import dev.igarape.cli.install.Installer;
import dev.igarape.cli.process.ExternalCommand;
import dev.igarape.model.Json;
import dev.igarape.model.Manifest;
import dev.igarape.model.error.ExitCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;

/** The documentation site: the pages of {@code docs/}, and the reference, which is generated from the code. */
public final class Site {
    /** Folders of the checkout whose README is a page. */
    static final List<String> FOLDERS = List.of("api", "dags", "docker", "pipelines");

    private static final List<String> IMAGES = List.of(".png", ".svg");

    private final Workspace workspace;
    private final Installer installer;
    private final CommandLine lake;

    /** @param lake the command line that is described */
    public Site(Workspace workspace, Installer installer, CommandLine lake) {
        this.workspace = workspace;
        this.installer = installer;
        this.lake = lake;
    }

    /** Installs what builds the pages; returns its folder. */
    public static Path install(Workspace workspace, Installer installer) {
        return installer.environment("docs", workspace.home().resolve("docs/requirements.lock"));
    }

    /** Builds all pages anew; returns the start page. */
    public Path build() {
        Path docs = workspace.home().resolve("docs");
        Path folder = workspace.state().resolve("docs");
        Path source = folder.resolve("source");
        Path site = folder.resolve("site");
        Path zensical = install(workspace, installer).resolve("bin/zensical");
        try {
            DownloadCache.delete(source);
            DownloadCache.delete(site);
            copy(docs, source);
            for (String name : FOLDERS) {
                Path page = source.resolve("folders").resolve(name + ".md");
                Files.createDirectories(page.getParent());
                Files.writeString(
                        page,
                        SiteLinks.unlinked(Files.readString(workspace.home().resolve(name + "/README.md"))));
            }
            Files.copy(
                    docs.resolve("zensical.toml"),
                    folder.resolve("zensical.toml"),
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            for (Map.Entry<String, String> page : reference(lake).entrySet()) {
                Path file = source.resolve("reference").resolve(page.getKey());
                Files.createDirectories(file.getParent());
                Files.writeString(file, page.getValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        ExternalCommand.of(zensical.toString(), "build", "--clean", "--strict")
                .run(folder, workspace.log("docs"), "build the documentation", "Mend the page that it names.");
        return site.resolve("index.html");
    }

    /** The generated pages, by file name. */
    static Map<String, String> reference(CommandLine lake) {
        return new TreeMap<>(Map.of(
                "commands.md", CommandReference.page(lake),
                "pipeline.md", schema(),
                "exit-codes.md", exitCodes()));
    }

    private static String schema() {
        try (InputStream in = Objects.requireNonNull(
                Manifest.class.getResourceAsStream("pipeline.schema.json"), "pipeline.schema.json")) {
            return SchemaReference.page(Json.mapper().readTree(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String exitCodes() {
        return Arrays.stream(ExitCode.values())
                .map(code -> "| %d | %s |%n".formatted(code.status(), code.meaning()))
                .collect(Collectors.joining(
                        "",
                        "# Exit codes\n\nThe same for `./lake` and for the jobs.\n\n| code | meaning |\n|---|---|\n",
                        ""));
    }

    private static void copy(Path from, Path to) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(from)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            Path name = from.relativize(file);
            Path copy = to.resolve(name);
            Files.createDirectories(copy.getParent());
            if (file.toString().endsWith(".md") && !name.equals(Path.of("README.md"))) {
                Files.writeString(copy, SiteLinks.within(Files.readString(file), name.getNameCount() - 1));
            } else if (IMAGES.stream().anyMatch(file.toString()::endsWith)) {
                Files.copy(file, copy);
            }
        }
    }
}
