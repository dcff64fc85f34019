package dev.igarape.model.compile.diagnostic;

import java.util.Comparator;

/**
 * An error in a project's files.
 *
 * @param file path from the project's folder, with slashes
 * @param line from 1; 0 for the whole file
 * @param column from 1; 0 for the whole line or file
 * @param problem what is wrong and why, without a full stop
 * @param remedy what to do, in whole sentences
 */
public record Diagnostic(String file, int line, int column, String problem, String remedy)
        implements Comparable<Diagnostic> {
    private static final Comparator<Diagnostic> ORDER = Comparator.comparing(Diagnostic::file)
            .thenComparing(Diagnostic::line)
            .thenComparing(Diagnostic::column)
            .thenComparing(Diagnostic::problem)
            .thenComparing(Diagnostic::remedy);

    /** For one line of a terminal, {@code file:line: problem. remedy}, which editors can jump to. */
    @Override
    public String toString() {
        return file + (line == 0 ? "" : ":" + line) + ": " + problem + ". " + remedy;
    }

    @Override
    public int compareTo(Diagnostic other) {
        return ORDER.compare(this, other);
    }
}
