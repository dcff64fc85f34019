package dev.igarape.model.compile;

import java.util.Comparator;

/**
 * One thing that is wrong with a project.
 *
 * @param file path from the project's folder, with slashes
 * @param line from 1; 0 where the file as a whole is meant
 * @param column from 1; 0 where the line or the file as a whole is meant
 * @param problem what is wrong and why, without a full stop
 * @param remedy what to do, in whole sentences
 */
public record Fault(String file, int line, int column, String problem, String remedy) implements Comparable<Fault> {
    private static final Comparator<Fault> ORDER = Comparator.comparing(Fault::file)
            .thenComparing(Fault::line)
            .thenComparing(Fault::column)
            .thenComparing(Fault::problem)
            .thenComparing(Fault::remedy);

    /** For one line of a terminal, {@code file:line: problem. remedy}, which editors can jump to. */
    @Override
    public String toString() {
        return file + (line == 0 ? "" : ":" + line) + ": " + problem + ". " + remedy;
    }

    @Override
    public int compareTo(Fault other) {
        return ORDER.compare(this, other);
    }
}
