package dev.igarape.wire.registry;

/** Compatibility levels of a subject, by the names of Confluent's registry. */
public enum Compatibility {
    NONE,
    BACKWARD,
    BACKWARD_TRANSITIVE,
    FORWARD,
    FORWARD_TRANSITIVE,
    FULL,
    FULL_TRANSITIVE
}
