package dev.igarape.model.compile.diagnostic;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** A collector of diagnostics, so that all of them are reported at once. */
public final class Diagnostics {
    private final SortedSet<Diagnostic> diagnostics = new TreeSet<>();
    private final SortedSet<Diagnostic> warnings = new TreeSet<>();

    public void add(SourceLocation location, String problem, String remedy) {
        diagnostics.add(diagnostic(location, problem, remedy));
    }

    /** Adds what may be right and should be looked at; a project with warnings compiles. */
    public void warn(SourceLocation location, String problem, String remedy) {
        warnings.add(diagnostic(location, problem, remedy));
    }

    private static Diagnostic diagnostic(SourceLocation location, String problem, String remedy) {
        return new Diagnostic(location.file(), location.line(), location.column(), line(problem), line(remedy));
    }

    /** The diagnostics without duplicates, by file and line. */
    public List<Diagnostic> all() {
        return List.copyOf(diagnostics);
    }

    /** The warnings without duplicates, by file and line. */
    public List<Diagnostic> warnings() {
        return List.copyOf(warnings);
    }

    /** On one line whatever the project's files hold. */
    private static String line(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }

    /** A parser's message without line ends and full stop. */
    public static String sentence(String message) {
        String line = String.valueOf(message).strip().replaceAll("\\s+", " ");
        return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
    }
}
