package dev.igarape.api;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/**
 * TLS and SASL settings of the Kafka clients, from a file, because they hold passwords. Other client settings are not
 * taken from there.
 *
 * @param settings by Kafka's names; secrets
 */
record KafkaSecurity(Map<String, String> settings) {
    private static final String NAME = "IGARAPE_API_KAFKA_CONFIG_FILE";

    KafkaSecurity {
        settings = Map.copyOf(settings);
    }

    static KafkaSecurity from(Settings settings) {
        Optional<Path> file = settings.text(NAME).map(Path::of);
        if (file.isEmpty()) {
            return new KafkaSecurity(Map.of());
        }
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file.get())) {
            properties.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            settings.addError(NAME + " is '" + file.get() + "', which can't be read ("
                    + e.getClass().getSimpleName() + "). Give a file of properties.");
        }
        Map<String, String> found = new TreeMap<>();
        for (String name : properties.stringPropertyNames()) {
            if (name.matches("(security|sasl|ssl)\\..+")) {
                found.put(name, properties.getProperty(name));
            } else {
                settings.addError(NAME + " has '" + name + "'. It may have settings that begin with security., sasl. or"
                        + " ssl.; the others are this service's own.");
            }
        }
        return new KafkaSecurity(found);
    }

    /** Shows no secret. */
    @Override
    public String toString() {
        return "KafkaSecurity" + new TreeMap<>(settings).keySet();
    }
}
