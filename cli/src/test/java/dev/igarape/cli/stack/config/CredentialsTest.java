package dev.igarape.cli.stack.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CredentialsTest {
    @TempDir
    private Path folder;

    @Test
    void keepsASecretOnceMade() {
        Path file = folder.resolve("credentials.json");
        String secret = Credentials.load(file).secret("airflow/admin");
        assertThat(secret).hasSizeGreaterThan(20);
        assertThat(Credentials.load(file).secret("airflow/admin")).isEqualTo(secret);
        assertThat(Credentials.load(file).secret("airflow/viewer")).isNotEqualTo(secret);
    }

    @Test
    void takesTheSecretThatAnotherProcessHasMadeMeanwhile() {
        Path file = folder.resolve("credentials.json");
        Credentials late = Credentials.load(file);
        String secret = Credentials.load(file).secret("airflow/admin");
        assertThat(late.secret("airflow/admin")).isEqualTo(secret);
        late.secret("key");
        assertThat(Credentials.load(file).secret("airflow/admin")).isEqualTo(secret);
    }

    @Test
    void letsOnlyItsOwnerRead() throws IOException {
        Path file = folder.resolve("credentials.json");
        Credentials.load(file).secret("key");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void showsLoginsButNoKeys() {
        Credentials credentials = Credentials.load(folder.resolve("credentials.json"));
        credentials.secret("airflow-key");
        String password = credentials.secret("airflow/admin");
        assertThat(credentials.logins()).containsExactly(new Credentials.Login("airflow", "admin", password));
    }
}
