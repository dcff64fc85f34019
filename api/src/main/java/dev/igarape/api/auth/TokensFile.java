package dev.igarape.api.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.igarape.api.http.StrictJson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Reader of the tokens file:
 *
 * <pre>{@code
 * {"tokens": [{"name": "shop", "sha256": "<64 hex digits>", "expires": "2027-01-01T00:00:00Z",
 *              "permissions": {"orders": ["produce"], "shop.*": ["read", "produce", "schema"]}}]}
 * }</pre>
 */
final class TokensFile {
    private static final Set<String> MEMBERS = Set.of("name", "sha256", "expires", "rights");

    private final List<String> errors = new ArrayList<>();

    private TokensFile() {}

    /** @throws TokensException with every error of the file, but no hash */
    static List<Token> read(Path file) {
        TokensFile reader = new TokensFile();
        List<Token> tokens = new ArrayList<>();
        try {
            reader.read(StrictJson.tree(Files.readString(file)), tokens);
        } catch (java.io.UncheckedIOException e) {
            reader.addError("is no JSON" + place(e.getCause()));
        } catch (IOException e) {
            reader.addError("can't be read (" + e.getClass().getSimpleName() + ")");
        }
        if (!reader.errors.isEmpty()) {
            throw new TokensException(file, reader.errors);
        }
        return List.copyOf(tokens);
    }

    private static String place(IOException failure) {
        return failure instanceof JsonProcessingException json && json.getLocation() != null
                ? " at line " + json.getLocation().getLineNr() + ", column "
                        + json.getLocation().getColumnNr()
                : "";
    }

    private void read(JsonNode file, List<Token> tokens) {
        if (!file.isObject() || file.size() != 1 || !file.path("tokens").isArray()) {
            addError("is not of the form {\"tokens\": […]}");
            return;
        }
        Set<String> names = new HashSet<>();
        for (int i = 0; i < file.get("tokens").size(); i++) {
            JsonNode node = file.get("tokens").get(i);
            String name = node.path("name").asText("");
            String place = name.isEmpty() ? "token " + (i + 1) : "token '" + name + "'";
            if (name.isEmpty() || !names.add(name)) {
                addError(place + " has no name of its own");
            }
            tokens.add(token(name, place, node));
        }
    }

    private Token token(String name, String place, JsonNode node) {
        node.fieldNames().forEachRemaining(member -> {
            if (!MEMBERS.contains(member)) {
                addError(place + " has '" + member + "'; there are: " + String.join(", ", new TreeSet<>(MEMBERS)));
            }
        });
        String hash = node.path("sha256").asText("");
        if (!hash.matches("[0-9a-fA-F]{64}")) {
            addError(place + " has no sha256 of 64 hex digits, as sha256sum prints it");
            hash = "";
        }
        Map<String, Set<Permission>> permissions = new HashMap<>();
        if (!node.path("rights").isObject() || node.path("rights").isEmpty()) {
            addError(place + " has no rights, such as {\"orders\": [\"produce\"]}");
        }
        node.path("rights")
                .fields()
                .forEachRemaining(entry -> permissions.put(entry.getKey(), permissions(place, entry)));
        return new Token(name, HexFormat.of().parseHex(hash), expiry(place, node), permissions);
    }

    private Set<Permission> permissions(String place, Map.Entry<String, JsonNode> entry) {
        String pattern = entry.getKey();
        if (!pattern.matches("[a-zA-Z0-9._-]*\\*?") || pattern.isEmpty()) {
            addError(place + " has rights on '" + pattern + "'; give a topic, or the beginning of names and a *");
        }
        Set<Permission> permissions = EnumSet.noneOf(Permission.class);
        entry.getValue()
                .forEach(word -> Permission.of(word.asText())
                        .ifPresentOrElse(
                                permissions::add,
                                () -> addError(place + " has the right '" + word.asText()
                                        + "'; there are: read, produce, schema")));
        if (!entry.getValue().isArray() || entry.getValue().isEmpty()) {
            addError(place + " has an empty list of rights on '" + pattern + "'");
        }
        return permissions;
    }

    private Optional<Instant> expiry(String place, JsonNode node) {
        if (!node.has("expires")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Instant.parse(node.get("expires").asText()));
        } catch (DateTimeException e) {
            addError(place + " expires at no instant; write it as 2027-01-01T00:00:00Z");
            return Optional.empty();
        }
    }

    private void addError(String error) {
        errors.add(error);
    }
}
