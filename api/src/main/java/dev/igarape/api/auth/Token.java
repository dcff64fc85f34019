package dev.igarape.api.auth;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A known token, by its hash; the token itself is not stored.
 *
 * @param sha256 of the token's characters in UTF-8
 * @param expires when it stops being valid; empty: never
 * @param permissions by topic, or by a prefix of topics followed by {@code *}
 */
record Token(String name, byte[] sha256, Optional<Instant> expires, Map<String, Set<Permission>> permissions) {
    Token {
        sha256 = sha256.clone();
        permissions = Map.copyOf(permissions);
    }

    boolean isExpired(Instant now) {
        return expires.filter(end -> !now.isBefore(end)).isPresent();
    }

    boolean allows(Permission permission, String topic) {
        return permissions.entrySet().stream()
                .anyMatch(entry ->
                        matches(entry.getKey(), topic) && entry.getValue().contains(permission));
    }

    private static boolean matches(String pattern, String topic) {
        return pattern.endsWith("*")
                ? topic.startsWith(pattern.substring(0, pattern.length() - 1))
                : topic.equals(pattern);
    }

    /** Shows no hash. */
    @Override
    public String toString() {
        return "Token[" + name + ", " + permissions + "]";
    }
}
