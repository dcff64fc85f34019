package dev.igarape.model.job;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JavaType;
import dev.igarape.model.Json;
import java.util.List;
import java.util.Optional;

/**
 * The result of a command that works on tables: the last line of its output.
 *
 * @param dryRun whether nothing was changed; only of commands that have the option
 * @param tables one line for each thing done or found; {@link JobCommand} names the type
 */
public record JobResult<T>(String runId, Optional<Boolean> dryRun, List<T> tables) {
    public JobResult {
        tables = List.copyOf(tables);
    }

    /** The result of a command without a dry run. */
    public JobResult(String runId, List<T> tables) {
        this(runId, Optional.empty(), tables);
    }

    /** Reads a result whose lines are of this type. */
    public static <T> JobResult<T> parse(String json, Class<T> line) throws JsonProcessingException {
        JavaType type = Json.mapper().getTypeFactory().constructParametricType(JobResult.class, line);
        return Json.mapper().readValue(json, type);
    }

    /** The warnings of all builds among the lines, in their order. */
    public List<String> warnings() {
        return tables.stream()
                .filter(TableResult.class::isInstance)
                .flatMap(line -> ((TableResult) line).warnings().stream())
                .toList();
    }
}
