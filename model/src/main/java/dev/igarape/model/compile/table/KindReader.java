package dev.igarape.model.compile.table;

import dev.igarape.model.Definition;
import dev.igarape.model.Trait;
import dev.igarape.model.compile.yaml.YamlMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads what {@code pipeline.yaml} says of tables of one kind. */
public interface KindReader {
    /** The kinds that {@code pipeline.yaml} knows. */
    List<KindReader> BUILT_IN = List.of(
            new LandingKindReader(),
            new DailyKindReader(),
            new CurrentKindReader(),
            new HistoryKindReader(),
            new ViewKindReader());

    /** The kind's name, which is the key that declares it. */
    String key();

    /** The class of the definitions that it reads. */
    Class<? extends Definition> definition();

    /** Traits that every table of the kind has, whatever its declaration says. */
    Set<Trait> traits();

    /** Whether its tables stand in {@code raw}; those of other kinds stand in {@code trusted} and {@code gold}. */
    boolean isRaw();

    /** Reads the value under the key; absent where something is wrong with it, which is reported. */
    Optional<ParsedDefinition> read(YamlMap table, PipelineFolder folder);

    /** Whether a source gives the columns of this table, whose types and names {@code columns} may declare. */
    default boolean hasSourceColumns(YamlMap table) {
        return false;
    }

    /**
     * The definition with the names that the source has for columns.
     *
     * @param names the source's name by the lake's; empty where {@link #hasSourceColumns} does not hold
     */
    default Definition withSourceNames(Definition definition, Map<String, String> names) {
        return definition;
    }
}
