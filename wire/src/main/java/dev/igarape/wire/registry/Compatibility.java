package dev.igarape.wire.registry;

/** What a new version of a subject must be able to do, by the names of Confluent's registry. */
public enum Compatibility {
    NONE,
    BACKWARD,
    BACKWARD_TRANSITIVE,
    FORWARD,
    FORWARD_TRANSITIVE,
    FULL,
    FULL_TRANSITIVE
}
