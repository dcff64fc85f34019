package dev.igarape.model.compile.diagnostic;

/** A scalar of a YAML file, with its location. */
public record SourceText(String value, SourceLocation location) {}
