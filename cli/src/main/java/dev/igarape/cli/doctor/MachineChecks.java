package dev.igarape.cli.doctor;

import dev.igarape.cli.base.Workspace;
import dev.igarape.cli.install.Jdk;
import dev.igarape.cli.stack.config.Profile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks whether this machine has what the stack needs: programs, disk and memory. */
public final class MachineChecks {
    private static final int JAVA = 17;
    private static final int TRINO_JAVA = 24;
    private static final int NODE = 18;
    private static final Version PYTHON = new Version(3, 11);
    private static final long GIGABYTE = 1L << 30;
    /** Disk space for the servers and their data. */
    private static final long STATE_BYTES = 3 * GIGABYTE;

    private static final long CACHE_BYTES = 9 * GIGABYTE;

    private static final Pattern COLOURS = Pattern.compile("\u001b\\[[0-9;]*m");
    private static final Pattern AVAILABLE = Pattern.compile("MemAvailable:\\s+(\\d+) kB");

    private final Workspace workspace;
    private final Profile profile;
    private final Map<String, String> environment;

    public MachineChecks(Workspace workspace, Profile profile, Map<String, String> environment) {
        this.workspace = workspace;
        this.profile = profile;
        this.environment = environment;
    }

    private record Version(int major, int minor) {
        private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+)");

        static Optional<Version> in(String text) {
            Matcher matcher = NUMBERS.matcher(text);
            return matcher.find()
                    ? Optional.of(new Version(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2))))
                    : Optional.empty();
        }

        boolean isAtLeast(Version minimum) {
            return major > minimum.major || major == minimum.major && minor >= minimum.minor;
        }
    }

    /** @param stackBytes memory that the stack uses already */
    public List<HealthCheck> checks(long stackBytes) {
        return List.of(
                java(),
                trinoJava(),
                program("Maven", new Version(3, 8), "maven", "mvn", "-v"),
                program("Python", PYTHON, "python3 python3-venv", python(), "--version"),
                pythonModules(),
                program("Node", new Version(NODE, 0), "nodejs", "node", "--version"),
                program("npm", new Version(1, 0), "npm", "npm", "--version"),
                program("setsid", new Version(2, 0), "util-linux", "setsid", "--version"),
                program("tar", new Version(1, 0), "tar", "tar", "--version"),
                disk("Disk for the stack", workspace.state(), STATE_BYTES, "LAKE_STATE"),
                disk(
                        "Disk for downloads",
                        workspace.cache(),
                        Files.exists(workspace.cache()) ? GIGABYTE : CACHE_BYTES,
                        "XDG_CACHE_HOME"),
                memory(stackBytes));
    }

    private static HealthCheck java() {
        Jdk jdk = Jdk.current();
        boolean fits = jdk.feature() == JAVA && Files.exists(jdk.home().resolve("bin/javac"));
        String found = "Java %d in %s".formatted(jdk.feature(), jdk.home());
        return fits ? passed("JDK 17", found) : failed("JDK 17", found, "Install it: sudo apt install openjdk-17-jdk");
    }

    private HealthCheck trinoJava() {
        return passed(
                "Java for Trino",
                Jdk.atLeast(TRINO_JAVA, environment)
                        .map(jdk -> "Java %d in %s".formatted(jdk.feature(), jdk.home()))
                        .orElse("none on this machine; ./lake up downloads one"));
    }

    private String python() {
        return environment.getOrDefault("LAKE_PYTHON", "python3");
    }

    private HealthCheck pythonModules() {
        return Tool.output(python(), "-c", "import ensurepip, venv").isPresent()
                ? passed("Python's venv", "is there")
                : failed("Python's venv", "is missing", "Install it: sudo apt install python3-venv");
    }

    private static HealthCheck program(String name, Version minimum, String packages, String... command) {
        String remedy =
                "Install %d.%d or newer: sudo apt install %s".formatted(minimum.major(), minimum.minor(), packages);
        Optional<String> output = Tool.output(command);
        if (output.isEmpty()) {
            return failed(name, "'" + command[0] + "' does not run", remedy);
        }
        String line = COLOURS.matcher(output.get())
                .replaceAll("")
                .lines()
                .findFirst()
                .orElse("")
                .strip();
        return Version.in(line).filter(version -> version.isAtLeast(minimum)).isPresent()
                ? passed(name, line)
                : failed(name, line, remedy);
    }

    private static HealthCheck disk(String name, Path folder, long required, String variable) {
        Path existing = folder;
        while (!Files.exists(existing)) {
            existing = existing.getParent();
        }
        try {
            long free = Files.getFileStore(existing).getUsableSpace();
            String found = "%s free at %s".formatted(gigabytes(free), folder);
            return free >= required
                    ? passed(name, found)
                    : failed(
                            name,
                            found,
                            "Free %s there, or name a folder on a larger disk in %s."
                                    .formatted(gigabytes(required), variable));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HealthCheck memory(long stackBytes) {
        try {
            Matcher matcher = AVAILABLE.matcher(Files.readString(Path.of("/proc/meminfo")));
            long free = matcher.find() ? Long.parseLong(matcher.group(1)) * 1024 : 0;
            String found = "%s free, %s taken by the stack".formatted(gigabytes(free), gigabytes(stackBytes));
            return free + stackBytes >= profile.memoryBytes()
                    ? passed("Memory", found)
                    : failed(
                            "Memory",
                            found,
                            "The stack and a job take %s: end other programs, or start fewer servers with ./lake up --only."
                                    .formatted(gigabytes(profile.memoryBytes())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String gigabytes(long bytes) {
        return "%.1f GB".formatted(bytes / (double) GIGABYTE);
    }

    private static HealthCheck passed(String name, String finding) {
        return HealthCheck.passed(HealthCheck.Area.MACHINE, name, finding);
    }

    private static HealthCheck failed(String name, String finding, String remedy) {
        return HealthCheck.failed(HealthCheck.Area.MACHINE, name, finding, remedy);
    }
}
