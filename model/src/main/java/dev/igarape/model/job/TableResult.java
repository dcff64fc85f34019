package dev.igarape.model.job;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import dev.igarape.model.Json;
import dev.igarape.model.TableName;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * The result of a build of one table, or of one date of it.
 *
 * @param outcome {@code committed} or {@code unchanged}
 * @param sequence the ledger's commit that now holds; 0 where there is none (views)
 * @param read rows read, like the other counts
 * @param warnings what the user should look at although the build succeeded; left out of the JSON where there are none
 */
public record TableResult(
        TableName table,
        Optional<LocalDate> date,
        String outcome,
        long sequence,
        long read,
        long written,
        long quarantined,
        long dropped,
        long filtered,

        @JsonInclude(JsonInclude.Include.NON_EMPTY) @JsonSetter(nulls = Nulls.AS_EMPTY)
        List<String> warnings) {
    public TableResult {
        warnings = List.copyOf(warnings);
    }

    /** Reads one line of a build's output; empty for any other line. */
    public static Optional<TableResult> parse(String line) {
        if (!line.startsWith("{")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Json.mapper().readValue(line, TableResult.class));
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }
}
