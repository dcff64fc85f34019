package dev.igarape.cli.connect;

import dev.igarape.cli.stack.config.SecretFile;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The values of connectors, each connector's in a file that only its owner and the worker may read. Kafka and the REST API get
 * {@code ${file:<path>:NAME}} in their place.
 */
public final class ConnectorSecrets {
    private static final Pattern REFERENCE = Pattern.compile("\\$\\{file:([^:}]+):([^}]+)}");

    private static final byte[] HALTED = "halted".getBytes(StandardCharsets.UTF_8);

    private final Path folder;

    /** @param folder the only one that the worker reads */
    public ConnectorSecrets(Path folder) {
        this.folder = folder;
    }

    /**
     * Looks up the values that connectors need.
     *
     * @return by connector, in the order of the connectors
     * @throws LakeException with {@link ExitCode#USAGE} that names all values that are missing
     */
    public static Map<ConnectorFile, Properties> values(
            List<ConnectorFile> connectors, Function<String, Optional<String>> source) {
        Map<ConnectorFile, Properties> values = new LinkedHashMap<>();
        List<String> missing = new ArrayList<>();
        for (ConnectorFile connector : connectors) {
            Properties properties = new Properties();
            for (String name : connector.variables()) {
                source.apply(name)
                        .ifPresentOrElse(
                                value -> properties.setProperty(name, value),
                                () -> missing.add(
                                        "%s needs ${env:%s}, which the environment does not set. Export it and run again."
                                                .formatted(connector.path(), name)));
            }
            values.put(connector, properties);
        }
        if (!missing.isEmpty()) {
            throw new LakeException(ExitCode.USAGE, String.join("\n", missing));
        }
        return values;
    }

    /** The configuration as the worker gets it. */
    Map<String, String> references(ConnectorFile connector) {
        Path file = file(connector.name());
        return connector.with(name -> "${file:" + file + ":" + name + "}");
    }

    /** The values that are kept for a connector. */
    Optional<Properties> read(String connector) {
        Path file = file(connector);
        return Files.exists(file) ? Optional.of(read(file)) : Optional.empty();
    }

    /** Keeps the values of a connector. */
    void write(String connector, Properties values) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try {
            values.store(text, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        SecretFile.write(file(connector), text.toByteArray());
    }

    /**
     * Puts on record that the worker is to take over what is kept for a connector, until {@link #taken}.
     *
     * @param halted whether somebody had told the connector to do nothing, which it is to go on with
     */
    void pend(String connector, boolean halted) {
        SecretFile.write(pending(connector), halted ? HALTED : new byte[0]);
    }

    /** Whether the worker may not have taken over what is kept for a connector. */
    boolean isPending(String connector) {
        return Files.exists(pending(connector));
    }

    /** Whether a connector that {@link #isPending} is to do nothing. */
    boolean wasHalted(String connector) {
        try {
            return Arrays.equals(Files.readAllBytes(pending(connector)), HALTED);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void taken(String connector) {
        try {
            Files.deleteIfExists(pending(connector));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void delete(String connector) {
        taken(connector);
        try {
            Files.deleteIfExists(file(connector));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The configuration that a worker has, with the values that it refers to; what cannot be read stays as it is. */
    Map<String, String> resolve(Map<String, String> config) {
        Map<String, String> resolved = new TreeMap<>();
        config.forEach((key, text) -> resolved.put(key, REFERENCE.matcher(text).replaceAll(found -> {
            Path file = Path.of(found.group(1));
            boolean ours = file.startsWith(folder) && Files.isReadable(file);
            return Matcher.quoteReplacement(
                    ours ? read(file).getProperty(found.group(2), found.group()) : found.group());
        })));
        return resolved;
    }

    private Path pending(String connector) {
        return folder.resolve(connector + ".pending");
    }

    private Path file(String connector) {
        return folder.resolve(connector + ".properties");
    }

    private static Properties read(Path file) {
        Properties values = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            values.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return values;
    }
}
