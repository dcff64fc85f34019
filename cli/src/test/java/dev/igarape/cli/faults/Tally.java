package dev.igarape.cli.faults;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a run of the kit counted, by kind of fault. */
final class Tally {
    private final Map<String, Counts> kinds = new LinkedHashMap<>();

    private static final class Counts {
        private int trials;
        private int strikes;
        private long lost;
        private long doubled;
        private long foreign;
        private long torn;
    }

    void trial(String kind) {
        counts(kind).trials++;
    }

    /** Counts a process that was killed or frozen. */
    void strike(String kind) {
        counts(kind).strikes++;
    }

    void audit(String kind, Audit audit) {
        Counts counts = counts(kind);
        counts.lost += audit.lost();
        counts.doubled += audit.doubled();
        counts.foreign += audit.foreign();
    }

    void torn(String kind, int faults) {
        counts(kind).torn += faults;
    }

    private Counts counts(String kind) {
        return kinds.computeIfAbsent(kind, name -> new Counts());
    }

    /** A table in Markdown, its last line the sum. */
    String table() {
        StringBuilder text = new StringBuilder("""
                | fault | trials | processes struck | lost | doubled | never acknowledged | torn reads |
                |---|---|---|---|---|---|---|
                """);
        Counts sum = new Counts();
        kinds.forEach((kind, counts) -> {
            text.append(line(kind, counts));
            sum.trials += counts.trials;
            sum.strikes += counts.strikes;
            sum.lost += counts.lost;
            sum.doubled += counts.doubled;
            sum.foreign += counts.foreign;
            sum.torn += counts.torn;
        });
        return text.append(line("all", sum)).toString();
    }

    private static String line(String kind, Counts counts) {
        return "| "
                + String.join(
                        " | ",
                        List.of(
                                kind,
                                "" + counts.trials,
                                "" + counts.strikes,
                                "" + counts.lost,
                                "" + counts.doubled,
                                "" + counts.foreign,
                                "" + counts.torn))
                + " |\n";
    }
}
