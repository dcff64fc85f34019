package dev.igarape.model.compile.table;

import dev.igarape.model.DailyDefinition;
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
    public Class<DailyDefinition> definition() {
        return DailyDefinition.class;
    }

    @Override
    public Set<Trait> traits() {
        return DailyDefinition.TRAITS;
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
