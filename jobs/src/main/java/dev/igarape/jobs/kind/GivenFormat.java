package dev.igarape.jobs.kind;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.LocalDate;
import java.util.Optional;
import org.apache.avro.Schema;

/**
 * File format of the input rows of a pipeline's test, and defaults for what they leave out.
 *
 * @param schema of Avro files; empty for tables that keep their rows in another format
 * @param defaults fills in what the rows of a test leave out
 */
public record GivenFormat(Optional<Schema> schema, Defaults defaults) {
    /** Rows are written just as they are given. */
    public static final GivenFormat AS_GIVEN = new GivenFormat(Optional.empty(), (row, date, place) -> {});

    /** Avro rows. */
    public static GivenFormat avro(Schema schema, Defaults defaults) {
        return new GivenFormat(Optional.of(schema), defaults);
    }

    /** Fills in columns that a row lacks; what it has stays as it is. */
    @FunctionalInterface
    public interface Defaults {
        /**
         * @param row gets what it lacks
         * @param date of the row unless its own time says another one
         * @param place how many rows of the table were given before it
         */
        void fill(ObjectNode row, LocalDate date, long place);
    }
}
