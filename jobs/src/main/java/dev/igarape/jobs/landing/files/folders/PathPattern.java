package dev.igarape.jobs.landing.files.folders;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A landing's path as a pattern of each folder's name, with wildcards and placeholders. */
final class PathPattern {
    private static final Map<String, String> PLACEHOLDERS = Map.of(
            "date", "[0-9]{4}-[0-9]{2}-[0-9]{2}",
            "yyyy", "[0-9]{4}",
            "MM", "[0-9]{2}",
            "dd", "[0-9]{2}",
            "HH", "[0-9]{2}",
            "mm", "[0-9]{2}",
            "ss", "[0-9]{2}",
            "Namespace", "[^/]+",
            "EventHub", "[^/]+",
            "PartitionId", "[^/]+");

    private static final Pattern TOKEN = Pattern.compile("\\{([A-Za-z]+)}|\\[[^\\]/]+]|[*?]|[^*?{\\[]+|.");

    private final List<Level> levels;

    private PathPattern(List<Level> levels) {
        this.levels = List.copyOf(levels);
    }

    /**
     * A folder, or the file, of the path.
     *
     * @param text as declared
     * @param pattern of its name, with groups named as the placeholders; empty if the name is the text
     */
    record Level(String text, List<String> placeholders, Optional<Pattern> pattern) {
        /** The placeholders' values in a name, beside those of the folders above; empty if the name does not match. */
        Optional<Map<String, String>> match(String name, Map<String, String> above) {
            Matcher matcher = pattern.orElseThrow().matcher(name);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            Map<String, String> values = new HashMap<>(above);
            placeholders.forEach(placeholder -> values.put(placeholder, matcher.group(placeholder)));
            return Optional.of(values);
        }
    }

    /** @param path from the root, without a file system */
    static PathPattern of(String path) {
        List<Level> levels = new ArrayList<>();
        for (String name : path.split("/", -1)) {
            if (!name.isEmpty()) {
                levels.add(level(name));
            }
        }
        return new PathPattern(levels);
    }

    private static Level level(String name) {
        StringBuilder regex = new StringBuilder();
        List<String> placeholders = new ArrayList<>();
        boolean literal = true;
        Matcher token = TOKEN.matcher(name);
        while (token.find()) {
            String text = token.group();
            String placeholder = token.group(1);
            if (placeholder != null && PLACEHOLDERS.containsKey(placeholder)) {
                regex.append("(?<")
                        .append(placeholder)
                        .append('>')
                        .append(PLACEHOLDERS.get(placeholder))
                        .append(')');
                placeholders.add(placeholder);
                literal = false;
            } else if (text.equals("*") || text.equals("?")) {
                regex.append(text.equals("*") ? ".*" : ".");
                literal = false;
            } else if (text.startsWith("[") && text.length() > 1) {
                regex.append(text.replaceFirst("^\\[[!^]", "[^"));
                literal = false;
            } else {
                regex.append(Pattern.quote(text));
            }
        }
        return new Level(
                name,
                List.copyOf(placeholders),
                literal ? Optional.empty() : Optional.of(Pattern.compile(regex.toString(), Pattern.DOTALL)));
    }

    List<Level> levels() {
        return levels;
    }

    /** Whether the path says the date of a file's rows. */
    boolean hasDate() {
        return levels.stream()
                .anyMatch(level -> level.placeholders().contains("date")
                        || level.placeholders().contains("dd"));
    }
}
