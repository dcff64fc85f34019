package dev.igarape.model;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One table as declared, SQL inlined.
 *
 * @param columns Spark SQL type by column name, in order; empty where the build infers them. Partition columns
 *     ({@code date}) are not listed. Of a JDBC landing, those whose type is declared: the database says the others
 * @param inputs tables that this one reads: found in the SQL of a daily table, declared by a view
 * @param retention {@code forever}, or a number of days or hours, as {@code 7 days}, counted from commit time
 * @param waitFor present for a daily table whose dates wait until their inputs are complete
 * @param definitionHash SHA-256 (hex) over what decides the rows: SQL, columns, expectations, source, code version
 */
public record Table(
        TableName name,
        String description,
        Definition definition,
        Map<String, String> columns,
        List<Input> inputs,
        List<Expectation> expectations,
        String retention,
        Optional<Wait> waitFor,
        String definitionHash) {
    public Table {
        columns = Collections.unmodifiableMap(new LinkedHashMap<>(columns));
        inputs = List.copyOf(inputs);
        expectations = List.copyOf(expectations);
    }

    /** A table that waits for nothing. */
    public Table(
            TableName name,
            String description,
            Definition definition,
            Map<String, String> columns,
            List<Input> inputs,
            List<Expectation> expectations,
            String retention,
            String definitionHash) {
        this(name, description, definition, columns, inputs, expectations, retention, Optional.empty(), definitionHash);
    }

    /** Whether each run lands what its source has got since the last one, whatever date that run is for. */
    public boolean landsWhatIsNew() {
        return definition instanceof Definition.Landing landing
                && landing.source().landsWhatIsNew();
    }

    /** How long commits are kept. */
    public Retention kept() {
        return Retention.parse(retention);
    }
}
