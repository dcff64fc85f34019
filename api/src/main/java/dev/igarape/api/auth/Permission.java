package dev.igarape.api.auth;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a token may let its bearer do with a topic. */
public enum Permission {
    /** See the topic's schemas. */
    READ,
    /** Write messages. */
    PRODUCE,
    /** Register the topic's schemas. */
    SCHEMA;

    /** As it stands in the file of tokens. */
    String jsonName() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<Permission> of(String word) {
        return Arrays.stream(values())
                .filter(permission -> permission.jsonName().equals(word))
                .findFirst();
    }
}
