package dev.igarape.api.auth;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The permissions that a token may give on a topic. */
public enum Permission {
    /** See the topic's schemas. */
    READ,
    /** Write messages. */
    PRODUCE,
    /** Register the topic's schemas. */
    SCHEMA;

    /** The name in the tokens file. */
    String jsonName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Permission> of(String word) {
        return Arrays.stream(values())
                .filter(permission -> permission.jsonName().equals(word))
                .findFirst();
    }
}
