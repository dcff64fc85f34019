package dev.igarape.model.compile.table;

import dev.igarape.model.Definition;
import dev.igarape.model.compile.yaml.YamlMap;
import java.util.List;
import java.util.Optional;

/** {@code current}: the latest row of each key, of the events that Spark SQL gives over the inputs of each date. */
final class CurrentKindReader extends KeyedKindReader {
    CurrentKindReader() {
        super("Write `current: {sql: customers.sql, keys: [customer_id], sequence_by: [updated_at]}`.", List.of());
    }

    @Override
    public String key() {
        return "current";
    }

    @Override
    public Class<Definition.Current> definition() {
        return Definition.Current.class;
    }

    @Override
    Optional<Definition.Current> definition(YamlMap table, YamlMap body, Common common, PipelineFolder folder) {
        return Optional.of(new Definition.Current(
                common.sql(),
                common.keys(),
                common.sequenceBy(),
                common.deleteWhen(),
                common.changeFeed(),
                common.cdc()));
    }
}
