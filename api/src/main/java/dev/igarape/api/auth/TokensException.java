package dev.igarape.api.auth;

import java.nio.file.Path;
import java.util.List;

/** Thrown for a tokens file that can't be used; the message has every error. */
public final class TokensException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TokensException(Path file, List<String> faults) {
        super("The file of tokens " + file + " " + String.join("; it: ", faults) + ". api/README.md shows its form.");
    }
}
