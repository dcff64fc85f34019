package dev.igarape.jobs.plan;

import dev.igarape.jobs.input.InputVersions;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.model.Input;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Completeness of dates for a table that declares {@code wait_for}: a date is complete when each of its incremental
 * inputs has been landed fully at or after the end of the date plus the allowed lateness. Other inputs either have a
 * date or not.
 */
public final class Completeness {
    private final Table table;
    private final ZoneId timezone;
    private final Map<TableName, Optional<Instant>> watermarks;

    private Completeness(Table table, ZoneId timezone, Map<TableName, Optional<Instant>> watermarks) {
        this.table = table;
        this.timezone = timezone;
        this.watermarks = watermarks;
    }

    /** Reads the landing watermarks of a table's inputs; none for a table that does not wait. */
    public static Completeness read(Lake lake, Table table, Map<TableName, InputVersions> inputs) throws IOException {
        Map<TableName, Optional<Instant>> watermarks = new LinkedHashMap<>();
        if (table.waitFor().isPresent()) {
            for (Input input : table.datedInputs()) {
                InputVersions versions = inputs.get(input.table());
                if (!versions.isDated()) {
                    watermarks.put(input.table(), versions.landedUntil());
                }
            }
        }
        ZoneId timezone = lake.timezone(table);
        return new Completeness(table, timezone, watermarks);
    }

    /** Why a date is not complete: a sentence without a full stop for each input; empty if it is complete. */
    public List<String> lacks(LocalDate date) {
        List<String> lacks = new ArrayList<>();
        if (table.waitFor().isPresent()) {
            Instant end = date.plusDays(1)
                    .atStartOfDay(timezone)
                    .toInstant()
                    .plusSeconds(table.waitFor().get().latenessSeconds());
            watermarks.forEach((input, watermark) -> {
                if (watermark.filter(m -> !m.isBefore(end)).isEmpty()) {
                    lacks.add(input + " is complete for " + date + " once it is landed after " + end + " ("
                            + watermark.map(m -> "the last time was " + m).orElse("it never was landed whole") + ")");
                }
            });
        }
        return lacks;
    }
}
