package dev.igarape.cli.stack.server;

import dev.igarape.cli.install.Jdk;
import java.util.ArrayList;
import java.util.List;

/** The JVM of Hadoop's servers. */
final class HadoopJvm {
    private HadoopJvm() {}

    /**
     * The beginning of a command line, to be followed by other options, the classpath and the main class.
     *
     * @param heap as {@code -Xmx} takes it
     */
    static List<String> command(String heap) {
        List<String> command =
                new ArrayList<>(List.of(Jdk.current().java(), "-Xmx" + heap, "-Xss512k", "-XX:+UseSerialGC"));
        // Hadoop and its libraries reach into these by reflection.
        for (String name : List.of("lang", "net", "nio", "util", "util.concurrent")) {
            command.add("--add-opens=java.base/java." + name + "=ALL-UNNAMED");
        }
        return command;
    }
}
