package dev.igarape.model.compile.table;

import dev.igarape.model.Definition;
import dev.igarape.model.LandingDefinition;
import dev.igarape.model.Source;
import dev.igarape.model.Trait;
import dev.igarape.model.compile.landing.LandingReader;
import dev.igarape.model.compile.yaml.YamlMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** {@code landing}: data as received from a source. */
final class LandingKindReader implements KindReader {
    @Override
    public String key() {
        return "landing";
    }

    @Override
    public Class<LandingDefinition> definition() {
        return LandingDefinition.class;
    }

    @Override
    public Set<Trait> traits() {
        return Set.of(Trait.ROWS);
    }

    @Override
    public boolean isRaw() {
        return true;
    }

    @Override
    public Optional<ParsedDefinition> read(YamlMap table, PipelineFolder folder) {
        return new LandingReader(folder.path(), folder.name(), folder.diagnostics())
                .read(table)
                .map(landing -> new ParsedDefinition(landing, List.of(), Optional.empty()));
    }

    @Override
    public boolean hasSourceColumns(YamlMap table) {
        return table.isMap(key())
                && table.map(key(), "").filter(landing -> landing.has("jdbc")).isPresent();
    }

    @Override
    public Definition withSourceNames(Definition definition, Map<String, String> names) {
        return definition instanceof LandingDefinition landing && landing.source() instanceof Source.Jdbc jdbc
                ? new LandingDefinition(jdbc.from(names), landing.commit())
                : definition;
    }
}
