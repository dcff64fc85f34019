package dev.igarape.model.compile;

import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Collects what is wrong, so that all of it is told at once. */
final class Faults {
    private final SortedSet<Fault> faults = new TreeSet<>();

    void add(Place place, String problem, String remedy) {
        faults.add(new Fault(place.file(), place.line(), place.column(), line(problem), line(remedy)));
    }

    /** Each fault once, by file and line. */
    List<Fault> all() {
        return List.copyOf(faults);
    }

    /** On one line whatever the project's files hold. */
    private static String line(String text) {
        return text.replaceAll("\\p{Cntrl}+", " ");
    }
}
