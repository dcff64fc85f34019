package dev.igarape.model.compile.landing;

import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.diagnostic.SourceText;
import dev.igarape.model.compile.diagnostic.Suggestion;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The placeholders in the path of a landing's files: a date, and for captures of Event Hubs its coordinates. */
final class PathPlaceholders {
    private static final Pattern VARIABLE = Pattern.compile("\\$\\{[A-Z][A-Z0-9_]*}");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
    private static final List<String> DATE = List.of("date", "yyyy", "MM", "dd", "HH", "mm", "ss");
    private static final List<String> CAPTURE = List.of("Namespace", "EventHub", "PartitionId");
    /** As Event Hubs names them. */
    private static final Map<String, String> OTHER_NAMES = Map.of(
            "Year", "yyyy", "Month", "MM", "Day", "dd", "Hour", "HH", "Minute", "mm", "Second", "ss", "day", "date");

    private final Diagnostics diagnostics;

    PathPlaceholders(Diagnostics diagnostics) {
        this.diagnostics = diagnostics;
    }

    /** The path with a text in the place of each placeholder. */
    static String without(String path) {
        return PLACEHOLDER.matcher(path).replaceAll("d");
    }

    /**
     * The names of a path's placeholders.
     *
     * @param captured whether the files are captures
     */
    Set<String> check(SourceText path, boolean captured) {
        String text = VARIABLE.matcher(path.value()).replaceAll("v");
        List<String> known =
                captured ? Stream.concat(DATE.stream(), CAPTURE.stream()).toList() : DATE;
        Set<String> names = new HashSet<>();
        Matcher placeholder = PLACEHOLDER.matcher(text);
        while (placeholder.find()) {
            String name = placeholder.group(1);
            if (CAPTURE.contains(name) && !captured) {
                diagnostics.add(
                        path.location(),
                        placeholder.group() + " is for captures of Event Hubs",
                        "Write `envelope: event-hubs`, or * in its place.");
            } else if (!known.contains(name)) {
                String meant = OTHER_NAMES.containsKey(name)
                        ? " (did you mean {" + OTHER_NAMES.get(name) + "}?)"
                        : Suggestion.didYouMean(name, known);
                diagnostics.add(
                        path.location(),
                        "unknown placeholder " + placeholder.group() + meant,
                        "Use {date}, or {yyyy}, {MM} and {dd} with {HH}, {mm} and {ss}; * stands for any text, and"
                                + " ${NAME} for variables of the target.");
            } else if (!names.add(name)) {
                diagnostics.add(path.location(), placeholder.group() + " is given twice", "Write * for the other one.");
            }
        }
        String rest = PLACEHOLDER.matcher(text).replaceAll("");
        if (rest.contains("{") || rest.contains("}")) {
            diagnostics.add(
                    path.location(),
                    "'" + path.value() + "' holds a brace that is not closed or not opened",
                    "Write {date}, and ${NAME} for variables of the target.");
        }
        boolean parts = Stream.of("yyyy", "MM", "dd", "HH", "mm", "ss").anyMatch(names::contains);
        if (parts && names.contains("date")) {
            diagnostics.add(path.location(), "{date} beside parts of a date", "Use one or the other.");
        } else if (parts && !names.containsAll(List.of("yyyy", "MM", "dd"))) {
            diagnostics.add(
                    path.location(),
                    "'" + path.value() + "' says parts of a date, but not all of {yyyy}, {MM} and {dd}",
                    "Write all three; * stands for parts that do not matter.");
        }
        return names;
    }
}
