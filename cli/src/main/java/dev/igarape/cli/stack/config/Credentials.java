package dev.igarape.cli.stack.config;

import com.fasterxml.jackson.core.type.TypeReference;
import dev.igarape.cli.process.FileLock;
import dev.igarape.model.Json;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Generated passwords and keys, in a file that only its owner may read; each is generated when it is first needed. */
public final class Credentials {
    private static final int BYTES = 18;

    private final Path file;
    private final Map<String, String> values;

    private Credentials(Path file, Map<String, String> values) {
        this.file = file;
        this.values = values;
    }

    public static Credentials load(Path file) {
        Credentials credentials = new Credentials(file, new TreeMap<>());
        credentials.read();
        return credentials;
    }

    private void read() {
        if (Files.exists(file)) {
            try {
                values.putAll(Json.mapper().readValue(file.toFile(), new TypeReference<Map<String, String>>() {}));
            } catch (IOException e) {
                throw new LakeException(
                        ExitCode.USAGE,
                        "Cannot read %s: %s. Delete it; new passwords are made.".formatted(file, e.getMessage()),
                        e);
            }
        }
    }

    /** The secret of this name, the same for every process. */
    public synchronized String secret(String name) {
        if (!values.containsKey(name)) {
            try (FileLock lock =
                    FileLock.acquire(file.resolveSibling("credentials.lock"), "another command", line -> {})) {
                read();
                if (!values.containsKey(name)) {
                    byte[] bytes = new byte[BYTES];
                    new SecureRandom().nextBytes(bytes);
                    values.put(name, Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
                    save();
                }
            }
        }
        return values.get(name);
    }

    /** A login of a server. */
    public record Login(String server, String user, String password) {}

    /** The logins generated so far: secrets named {@code <server>/<user>}. */
    public synchronized List<Login> logins() {
        return values.entrySet().stream()
                .filter(entry -> entry.getKey().contains("/"))
                .map(entry -> {
                    String[] name = entry.getKey().split("/", 2);
                    return new Login(name[0], name[1], entry.getValue());
                })
                .toList();
    }

    private void save() {
        try {
            SecretFile.write(
                    file, Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(values));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
