package dev.igarape.model.compile.pipeline;

import dev.igarape.model.TableName;
import dev.igarape.model.compile.diagnostic.SourceLocation;
import dev.igarape.model.compile.table.ParsedTable;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A pipeline as parsed; what is absent has been reported as a diagnostic. */
public record ParsedPipeline(
        String name,
        String description,
        String owner,
        String schedule,
        SourceLocation schedulePlace,
        Optional<LocalDate> startDate,
        Optional<ZoneId> timezone,
        List<String> tags,
        List<ParsedTable> tables) {
    boolean declares(TableName table) {
        return tables.stream().anyMatch(t -> t.name().equals(table));
    }

    /** The tables of all these; of two with one name the first, since the second is reported. */
    static Map<TableName, ParsedTable> tablesByName(List<ParsedPipeline> pipelines) {
        Map<TableName, ParsedTable> tables = new LinkedHashMap<>();
        pipelines.forEach(pipeline -> pipeline.tables().forEach(table -> tables.putIfAbsent(table.name(), table)));
        return tables;
    }
}
