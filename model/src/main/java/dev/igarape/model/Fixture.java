package dev.igarape.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A test of a pipeline: with these rows in its inputs, a build of one date gives these rows. Declared in {@code
 * pipelines/<pipeline>/tests/<name>.yaml}.
 *
 * @param folder the pipeline's folder from the project's, with slashes
 * @param date the date that is built
 * @param given rows of tables that are not built; a row may name another date than this one by {@code date}
 * @param expected what daily tables, or the quarantine of daily tables, hold for the date afterwards
 */
public record Fixture(
        String pipeline,
        String name,
        String folder,
        LocalDate date,
        Map<TableName, List<ObjectNode>> given,
        Map<TableName, Expected> expected) {
    public Fixture {
        given = Collections.unmodifiableMap(new LinkedHashMap<>(given));
        expected = Collections.unmodifiableMap(new LinkedHashMap<>(expected));
    }

    /**
     * What a table should come to.
     *
     * @param rows in any order; columns that no row names are not compared
     * @param fails the expectation with {@code on_fail: fail} that should refuse the build; then there are no rows
     */
    public record Expected(List<ObjectNode> rows, Optional<String> fails) {
        public Expected {
            rows = List.copyOf(rows);
        }
    }

    /** For people: {@code insights/one_day}. */
    public String title() {
        return pipeline + "/" + name;
    }
}
