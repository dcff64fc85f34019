package dev.igarape.model.compile.table;

import dev.igarape.model.Definition;
import dev.igarape.model.Trait;
import dev.igarape.model.compile.yaml.YamlMap;
import java.util.Optional;
import java.util.Set;

/** {@code daily}: Spark SQL over the inputs of one date. */
final class DailyKindReader implements KindReader {
    @Override
    public String key() {
        return "daily";
    }

    @Override
    public Class<Definition.Daily> definition() {
        return Definition.Daily.class;
    }

    @Override
    public Set<Trait> traits() {
        return Definition.Daily.TRAITS;
    }

    @Override
    public boolean isRaw() {
        return false;
    }

    @Override
    public Optional<ParsedDefinition> read(YamlMap table, PipelineFolder folder) {
        return new QueryReader(folder).daily(table);
    }
}
