package dev.igarape.model.compile.diagnostic;

/** A position in a project's file. Line and column count from 1; 0 means the whole file or line. */
public record SourceLocation(String file, int line, int column) {
    public static SourceLocation ofFile(String file) {
        return new SourceLocation(file, 0, 0);
    }
}
