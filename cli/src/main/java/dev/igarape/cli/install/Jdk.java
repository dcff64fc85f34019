package dev.igarape.cli.install;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Java installation.
 *
 * @param feature its version: 17, 25
 */
public record Jdk(Path home, int feature) {
    private static final Pattern VERSION = Pattern.compile("(?m)^JAVA_VERSION=\"(?:1\\.)?(\\d+)");

    public String java() {
        return home.resolve("bin/java").toString();
    }

    /** The Java that runs this command, on which Spark, Hadoop and Kafka run, too. */
    public static Jdk current() {
        return new Jdk(
                Path.of(System.getProperty("java.home")), Runtime.version().feature());
    }

    /** The oldest Java on the machine that is new enough. */
    public static Optional<Jdk> atLeast(int feature, Map<String, String> environment) {
        return candidates(environment).stream()
                .map(Jdk::inspect)
                .flatMap(Optional::stream)
                .filter(jdk -> jdk.feature() >= feature)
                .min(Comparator.comparingInt(Jdk::feature));
    }

    /** The Java in a folder, by the {@code release} file that each carries. */
    static Optional<Jdk> inspect(Path home) {
        try {
            Matcher matcher = VERSION.matcher(Files.readString(home.resolve("release")));
            return matcher.find() && Files.isExecutable(home.resolve("bin/java"))
                    ? Optional.of(new Jdk(home, Integer.parseInt(matcher.group(1))))
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static List<Path> candidates(Map<String, String> environment) {
        List<Path> homes = new ArrayList<>();
        environment.forEach((name, value) -> {
            if (name.startsWith("JAVA_HOME") && !value.isEmpty()) {
                homes.add(Path.of(value));
            }
        });
        for (String folder :
                List.of("/usr/lib/jvm", "/opt/java", System.getProperty("user.home") + "/.sdkman/candidates/java")) {
            try (Stream<Path> children = Files.list(Path.of(folder))) {
                children.sorted().forEach(homes::add);
            } catch (IOException e) {
                // Not every machine has each of these folders.
                continue;
            }
        }
        return homes;
    }
}
