package dev.igarape.cli.demo.checked;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What comes before one run.
 *
 * @param files contents by path on the lake's file system
 */
public record Part(List<Delivery> records, Map<String, String> files) {
    public Part {
        records = List.copyOf(records);
        files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
    }

    /** A part of records alone. */
    public static Part of(List<Delivery> records) {
        return new Part(records, Map.of());
    }
}
