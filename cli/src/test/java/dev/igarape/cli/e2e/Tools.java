package dev.igarape.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;

/** Programs that tests need besides Java. A test fails without them: one that was skipped has shown nothing. */
public final class Tools {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    private Tools() {}

    /** The Python that has what tests use. */
    public static Path python() {
        return Path.of(variable("IGARAPE_PYTHON"));
    }

    /** The folder with the browser's driver. */
    static String browserDriver() {
        return variable("IGARAPE_BROWSER");
    }

    static Path browser() {
        assertThat(Files.isExecutable(CHROMIUM))
                .as("There is no %s. Install it: sudo apt install chromium", CHROMIUM)
                .isTrue();
        return CHROMIUM;
    }

    private static String variable(String name) {
        String value = System.getenv().getOrDefault(name, "");
        assertThat(value)
                .as("%s is not set. Run ./lake test e2e, which brings what it names and sets it.", name)
                .isNotEmpty();
        return value;
    }
}
