package dev.igarape.api;

import java.util.List;

/** Thrown for an invalid configuration; the message has every error, one a line. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ConfigException(String message) {
        super(message);
    }

    ConfigException(List<String> faults) {
        super("Invalid configuration:\n  " + String.join("\n  ", faults));
    }
}
