package dev.igarape.model;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.igarape.model.sql.SqlTemplate;
import java.util.Locale;

/**
 * An expectation (data quality rule): a named predicate that every row of a table should meet. A row for which it is
 * null fails it.
 *
 * @param check Spark SQL boolean expression over the table's columns; may hold the placeholders of {@link SqlTemplate}
 */
public record Expectation(String name, String check, Action onFail) {
    /** The action on rows that fail, or on their build. */
    public enum Action {
        /** Count them; keep them. */
        WARN,
        /** Keep them out of the table, in {@code quarantine}, with rule and reason. */
        QUARANTINE,
        /** Keep them out of the table; count them. */
        DROP,
        /** Refuse the build; nothing is committed; exit code 5. */
        FAIL;

        @JsonValue
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
