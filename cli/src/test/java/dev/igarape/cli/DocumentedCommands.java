package dev.igarape.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The {@code ./lake} commands in the fenced blocks of Markdown files. */
public final class DocumentedCommands {
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s'\"]+)");
    private static final Pattern FENCE = Pattern.compile("^\\s*```.*");

    private DocumentedCommands() {}

    /** A command as it stands in a file, without {@code ./lake}. */
    public record Documented(Path file, String line, List<String> arguments) {
        @Override
        public String toString() {
            return file.getFileName() + ": " + line;
        }
    }

    /** Every Markdown file of the checkout that people read. */
    public static List<Path> files(Path home) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> found =
                Files.find(home, 4, (file, attributes) -> file.toString().endsWith(".md"))) {
            found.map(home::relativize)
                    .filter(file -> Stream.of("target", ".lake", ".git", ".venv", "node_modules")
                            .noneMatch(folder ->
                                    file.startsWith(folder) || file.toString().contains("/" + folder + "/")))
                    .map(home::resolve)
                    .sorted()
                    .forEach(files::add);
        }
        return files;
    }

    /** The commands of a page, in its order. */
    public static List<Documented> of(Path file) throws IOException {
        List<Documented> commands = new ArrayList<>();
        boolean fenced = false;
        for (String line : Files.readAllLines(file)) {
            if (FENCE.matcher(line).matches()) {
                fenced = !fenced;
            } else if (fenced) {
                for (String part : line.replaceFirst("\\s#\\s.*", "").split("\\s(?:\\||;|&&|>)\\s|;\\s")) {
                    List<String> words = words(part);
                    int lake = words.indexOf("./lake");
                    if (lake >= 0 && words.subList(0, lake).stream().allMatch(word -> word.matches("\\$|[A-Z_]+=.*"))) {
                        commands.add(new Documented(file, line.strip(), words.subList(lake + 1, words.size())));
                    }
                }
            }
        }
        return commands;
    }

    private static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(line);
        int end = -1;
        while (matcher.find()) {
            String word = matcher.group(1) != null
                    ? matcher.group(1)
                    : matcher.group(2) != null ? matcher.group(2) : matcher.group(3);
            // NAME='a b' is one word.
            if (matcher.start() == end) {
                words.set(words.size() - 1, words.get(words.size() - 1) + word);
            } else {
                words.add(word);
            }
            end = matcher.end();
        }
        return words;
    }
}
