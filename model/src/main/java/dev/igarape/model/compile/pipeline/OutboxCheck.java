package dev.igarape.model.compile.pipeline;

import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.table.ParsedTable;
import dev.igarape.model.sql.SqlIdentifier;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Check that an outbox is drained to one table: of two, each would have a part of its rows. */
public final class OutboxCheck {
    private final List<ParsedPipeline> pipelines;
    private final Diagnostics diagnostics;

    public OutboxCheck(List<ParsedPipeline> pipelines, Diagnostics diagnostics) {
        this.pipelines = pipelines;
        this.diagnostics = diagnostics;
    }

    /** Reports tables that drain what another one drains. */
    public void check() {
        Map<List<String>, ParsedTable> drained = new HashMap<>();
        for (ParsedPipeline pipeline : pipelines) {
            for (ParsedTable table : pipeline.tables()) {
                Optional<Source.Jdbc> outbox = outbox(table);
                if (outbox.isEmpty()) {
                    continue;
                }
                List<String> place = List.of(
                        outbox.get().url(), SqlIdentifier.ofTable(outbox.get().table()));
                ParsedTable other = drained.putIfAbsent(place, table);
                if (other != null) {
                    diagnostics.add(
                            table.location(),
                            table.name() + " drains " + outbox.get().table() + ", which " + other.name()
                                    + " drains, too, so that each would get a part of its rows",
                            "Drain it to one of them, and read that one.");
                }
            }
        }
    }

    private static Optional<Source.Jdbc> outbox(ParsedTable table) {
        return table.definition()
                .filter(LandingDefinition.class::isInstance)
                .map(definition -> ((LandingDefinition) definition).source())
                .filter(Source.Jdbc.class::isInstance)
                .map(Source.Jdbc.class::cast)
                .filter(Source.Jdbc::drain);
    }
}
