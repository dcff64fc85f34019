package dev.igarape.model;

import java.util.Optional;
import java.util.Set;

/** A Trino view. */
public record ViewDefinition(String sql) implements Definition {
    /** Those of every view. */
    public static final Set<Trait> TRAITS = Set.of(Trait.QUERY);

    @Override
    public String kindName() {
        return "view";
    }

    @Override
    public Set<Trait> traits() {
        return TRAITS;
    }

    @Override
    public Optional<Storage> storage() {
        return Optional.empty();
    }

    @Override
    public Optional<String> query() {
        return Optional.of(sql);
    }
}
