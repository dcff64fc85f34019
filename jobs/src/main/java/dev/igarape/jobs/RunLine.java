package dev.igarape.jobs;

import dev.igarape.jobs.lake.TableRun;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** The result of a run for one date, printed as JSON when its table is done and again in the summary, the last line. */
public record RunLine(TableRun run) {
    public Map<String, Object> toMap() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("table", run.table().toString());
        run.date().ifPresent(date -> fields.put("date", date.toString()));
        fields.put("outcome", run.outcome().name().toLowerCase(Locale.ROOT));
        fields.put("sequence", run.sequence());
        fields.put("read", run.balance().read());
        fields.put("written", run.balance().written());
        fields.put("quarantined", run.balance().quarantined());
        fields.put("dropped", run.balance().dropped());
        fields.put("filtered", run.balance().filtered());
        if (!run.warnings().isEmpty()) {
            fields.put("warnings", run.warnings());
        }
        return fields;
    }
}
