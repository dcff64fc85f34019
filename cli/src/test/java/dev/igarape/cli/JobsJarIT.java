package dev.igarape.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the fat jar of the jobs must carry, as it was packaged. */
final class JobsJarIT {
    private static final Path TARGET = Path.of(System.getProperty("igarape.home", ".."), "jobs", "target");

    /** The LGPL asks for a notice and its text; who replaces the driver has to find it under its own name. */
    @Test
    void theDriverOfMariaDbIsThereWithItsLicence() throws IOException {
        try (JarFile jar = new JarFile(jar().toFile())) {
            assertThat(jar.getJarEntry("org/mariadb/jdbc/Driver.class")).isNotNull();
            assertThat(jar.isMultiRelease()).isTrue();
            assertThat(text(jar, "META-INF/services/java.sql.Driver"))
                    .contains("org.mariadb.jdbc.Driver", "org.postgresql.Driver");
            assertThat(text(jar, "META-INF/maven/org.mariadb.jdbc/mariadb-java-client/pom.properties"))
                    .contains("version=");
            String folder = "META-INF/licenses/mariadb-java-client/";
            assertThat(text(jar, folder + "NOTICE.txt")).contains("MariaDB Connector/J", "LGPL-2.1.txt");
            assertThat(text(jar, folder + "LGPL-2.1.txt")).contains("GNU LESSER GENERAL PUBLIC LICENSE");
        }
    }

    private static Path jar() throws IOException {
        try (Stream<Path> files = Files.list(TARGET)) {
            return files.filter(file -> file.getFileName().toString().matches("igarape-jobs-.*-all[.]jar"))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("There is no fat jar in " + TARGET));
        }
    }

    private static String text(JarFile jar, String name) throws IOException {
        assertThat(jar.getJarEntry(name)).as(name).isNotNull();
        try (InputStream in = jar.getInputStream(jar.getJarEntry(name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
