package dev.igarape.model.compile.diagnostic;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Suggestions for a misspelt word, by edit distance. */
public final class Suggestion {
    private Suggestion() {}

    /** The option with the smallest edit distance, if that is small. */
    static Optional<String> closest(String word, Collection<String> options) {
        String lower = word.toLowerCase(Locale.ROOT);
        int tolerance = Math.max(1, word.length() / 3);
        return options.stream()
                .filter(option -> Math.abs(option.length() - word.length()) <= tolerance)
                .filter(option -> distance(lower, option) <= tolerance)
                .min(Comparator.comparingInt(option -> distance(lower, option)));
    }

    /** {@code " (did you mean x?)"}, or nothing. */
    public static String didYouMean(String word, Collection<String> options) {
        return closest(word, options)
                .map(option -> " (did you mean " + option + "?)")
                .orElse("");
    }

    /** {@code "Use a, b or c."} */
    public static String useOneOf(List<String> options) {
        int last = options.size() - 1;
        return last == 0
                ? "Use " + options.get(0) + "."
                : "Use " + String.join(", ", options.subList(0, last)) + " or " + options.get(last) + ".";
    }

    /** The Damerau-Levenshtein distance (optimal string alignment). */
    private static int distance(String from, String to) {
        int[][] steps = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    steps[i][j] = i + j;
                    continue;
                }
                int change = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
                int best = Math.min(steps[i - 1][j - 1] + change, 1 + Math.min(steps[i - 1][j], steps[i][j - 1]));
                boolean swapped = i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1);
                steps[i][j] = swapped ? Math.min(best, steps[i - 2][j - 2] + 1) : best;
            }
        }
        return steps[from.length()][to.length()];
    }
}
