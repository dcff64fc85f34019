package dev.igarape.model;

import java.util.Optional;
import java.util.Set;

/**
 * Data as received from a source.
 *
 * @param commit when the live service lands; empty: as soon as something is new
 */
public record LandingDefinition(Source source, Optional<CommitRule> commit) implements Definition {
    /** With what is new as soon as it is there. */
    public LandingDefinition(Source source) {
        this(source, Optional.empty());
    }

    @Override
    public String kindName() {
        return "landing";
    }

    @Override
    public Set<Trait> traits() {
        return source.traits();
    }

    @Override
    public Optional<Storage> storage() {
        return Optional.of(source.storage());
    }

    @Override
    public Optional<Source.Kafka> kafka() {
        return source.kafka();
    }

    @Override
    public Optional<CommitRule> commitRule() {
        return commit;
    }

    @Override
    public LandingDefinition decisive() {
        return new LandingDefinition(source);
    }
}
