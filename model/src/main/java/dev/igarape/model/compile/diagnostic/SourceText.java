package dev.igarape.model.compile.diagnostic;

/** A scalar of a YAML file. */
public record SourceText(String value, SourceLocation location) {}
