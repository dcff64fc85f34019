package dev.igarape.cli.install;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JdkTest {
    @TempDir
    private Path folder;

    private Path jdk(String name, String version) throws IOException {
        Path home = folder.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Files.createFile(
                home.resolve("bin/java"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    @Test
    void readsVersions() throws IOException {
        assertThat(Jdk.inspect(jdk("a", "25.0.1")).orElseThrow().feature()).isEqualTo(25);
        assertThat(Jdk.inspect(jdk("b", "25")).orElseThrow().feature()).isEqualTo(25);
        assertThat(Jdk.inspect(jdk("c", "1.8.0_402")).orElseThrow().feature()).isEqualTo(8);
    }

    @Test
    void seesNoneInOtherFolders() {
        assertThat(Jdk.inspect(folder)).isEmpty();
    }

    @Test
    void takesWhatTheEnvironmentNames() throws IOException {
        Path newest = jdk("new", "9999.0.1");
        jdk("old", "17.0.1");
        assertThat(Jdk.atLeast(9999, Map.of("JAVA_HOME_9999", newest.toString())))
                .contains(new Jdk(newest, 9999));
        assertThat(Jdk.atLeast(10_000, Map.of("JAVA_HOME", newest.toString()))).isEmpty();
    }
}
