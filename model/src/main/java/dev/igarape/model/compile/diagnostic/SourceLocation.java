package dev.igarape.model.compile.diagnostic;

/** Where something stands in a project's file; line and column count from 1, 0 means the whole. */
public record SourceLocation(String file, int line, int column) {
    public static SourceLocation whole(String file) {
        return new SourceLocation(file, 0, 0);
    }
}
