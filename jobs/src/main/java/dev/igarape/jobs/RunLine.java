package dev.igarape.jobs;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** One entry of the summary that a run prints as its last line. */
record RunLine(TableRun run) {
    Map<String, Object> toMap() {
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
        return fields;
    }
}
