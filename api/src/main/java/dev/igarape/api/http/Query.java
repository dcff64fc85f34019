package dev.igarape.api.http;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The query parameters of a request, each at most once. */
public final class Query {
    private final Map<String, String> values;

    private Query(Map<String, String> values) {
        this.values = values;
    }

    /** @param raw as it stands in the address, or empty */
    static Query parse(String raw) {
        Map<String, String> values = new LinkedHashMap<>();
        for (String pair : raw.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = PercentDecoder.query(equals < 0 ? pair : pair.substring(0, equals));
            String value = equals < 0 ? "" : PercentDecoder.query(pair.substring(equals + 1));
            if (values.putIfAbsent(name, value) != null) {
                throw Problem.badParameter("'" + Sanitized.of(name) + "' is given twice. Give it once.")
                        .toException();
            }
        }
        return new Query(values);
    }

    /** Refuses parameters that are none of these, so that a misspelt one isn't ignored. */
    void allow(Set<String> names) {
        for (String name : values.keySet()) {
            if (!names.contains(name)) {
                throw Problem.badParameter("'" + Sanitized.of(name) + "' is no parameter of this address. "
                                + (names.isEmpty()
                                        ? "It has none."
                                        : "It has: " + String.join(", ", new TreeSet<>(names)) + "."))
                        .toException();
            }
        }
    }

    public Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** A whole number within bounds, both included. */
    public Optional<Integer> integer(String name, int min, int max) {
        return text(name).map(value -> {
            if (value.matches("\\d{1,9}")) {
                int number = Integer.parseInt(value);
                if (number >= min && number <= max) {
                    return number;
                }
            }
            throw Problem.badParameter(name + " is '" + Sanitized.of(value) + "'. Give a whole number from " + min
                            + " to " + max + ".")
                    .toException();
        });
    }

    public Optional<Long> signed(String name) {
        return text(name).map(value -> {
            try {
                return Long.valueOf(value);
            } catch (NumberFormatException e) {
                throw Problem.badParameter(name + " is '" + Sanitized.of(value) + "'. Give a whole number of 64 bits.")
                        .toException();
            }
        });
    }
}
