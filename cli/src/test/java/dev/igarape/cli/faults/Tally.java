package dev.igarape.cli.faults;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the trials of a run counted, by kind of fault; of a trial that failed and was tried again, the last one only. */
final class Tally {
    private final Map<String, Counts> kinds = new LinkedHashMap<>();
    private Counts current = Counts.NONE;

    /**
     * @param strikes processes that were killed or frozen
     * @param foreign marks in a table that were never acknowledged
     */
    record Counts(int trials, int strikes, long lost, long doubled, long foreign, long torn) {
        static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);

        Counts plus(Counts more) {
            return new Counts(
                    trials + more.trials,
                    strikes + more.strikes,
                    lost + more.lost,
                    doubled + more.doubled,
                    foreign + more.foreign,
                    torn + more.torn);
        }
    }

    /** @param kinds what was counted before */
    Tally(Map<String, Counts> kinds) {
        this.kinds.putAll(kinds);
    }

    void trialBegins() {
        current = new Counts(1, 0, 0, 0, 0, 0);
    }

    /** Counts a process that was killed or frozen. */
    void strike() {
        current = current.plus(new Counts(0, 1, 0, 0, 0, 0));
    }

    void audit(Audit audit) {
        current = current.plus(new Counts(0, 0, audit.lost(), audit.doubled(), audit.foreign(), 0));
    }

    void torn(int faults) {
        current = current.plus(new Counts(0, 0, 0, 0, 0, faults));
    }

    void trialPassed(String kind) {
        kinds.merge(kind, current, Counts::plus);
    }

    Map<String, Counts> kinds() {
        return kinds;
    }

    /** A table in Markdown, its last line the sum. */
    String table() {
        StringBuilder text = new StringBuilder("""
                | fault | trials | processes struck | lost | doubled | never acknowledged | torn reads |
                |---|---|---|---|---|---|---|
                """);
        kinds.forEach((kind, counts) -> text.append(line(kind, counts)));
        return text.append(line("all", kinds.values().stream().reduce(Counts.NONE, Counts::plus)))
                .toString();
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
