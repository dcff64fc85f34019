package dev.igarape.cli.demo.checked;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What comes before one run.
 *
 * @param files contents by path on the lake's file system
 * @param statements for the database of the scenario, in one transaction; the last one changes one row that is captured
 */
public record Part(List<Delivery> records, Map<String, String> files, List<String> statements) {
    public Part {
        records = List.copyOf(records);
        files = Collections.unmodifiableMap(new LinkedHashMap<>(files));
        statements = List.copyOf(statements);
    }

    /** A part of records alone. */
    public static Part of(List<Delivery> records) {
        return new Part(records, Map.of(), List.of());
    }

    /** A part of records and files. */
    public static Part of(List<Delivery> records, Map<String, String> files) {
        return new Part(records, files, List.of());
    }
}
