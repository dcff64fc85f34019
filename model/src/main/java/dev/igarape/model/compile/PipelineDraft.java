package dev.igarape.model.compile;

import dev.igarape.model.TableName;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/** A pipeline as far as it could be read; what is absent has been reported. */
record PipelineDraft(
        String name,
        String description,
        String owner,
        String schedule,
        Place schedulePlace,
        Optional<LocalDate> startDate,
        Optional<ZoneId> timezone,
        List<String> tags,
        List<TableDraft> tables) {
    boolean declares(TableName table) {
        return tables.stream().anyMatch(t -> t.name().equals(table));
    }
}
