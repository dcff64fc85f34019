package dev.igarape.api;

import java.util.List;

/** The service can't run as configured; the message has every fault, one a line. */
public final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ConfigException(String message) {
        super(message);
    }

    ConfigException(List<String> faults) {
        super("Invalid configuration:\n  " + String.join("\n  ", faults));
    }
}
