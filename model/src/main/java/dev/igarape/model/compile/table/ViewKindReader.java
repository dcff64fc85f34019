package dev.igarape.model.compile.table;

import dev.igarape.model.Trait;
import dev.igarape.model.ViewDefinition;
import dev.igarape.model.compile.yaml.YamlMap;
import java.util.Optional;
import java.util.Set;

/** {@code view}: a Trino view. */
final class ViewKindReader implements KindReader {
    @Override
    public String key() {
        return "view";
    }

    @Override
    public Class<ViewDefinition> definition() {
        return ViewDefinition.class;
    }

    @Override
    public Set<Trait> traits() {
        return ViewDefinition.TRAITS;
    }

    @Override
    public boolean isRaw() {
        return false;
    }

    @Override
    public Optional<ParsedDefinition> read(YamlMap table, PipelineFolder folder) {
        return new QueryReader(folder).view(table);
    }
}
