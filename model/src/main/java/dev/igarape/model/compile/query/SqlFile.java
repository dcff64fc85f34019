package dev.igarape.model.compile.query;

import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.diagnostic.SourceLocation;
import dev.igarape.model.compile.diagnostic.SourceText;
import dev.igarape.model.compile.diagnostic.Suggestion;
import dev.igarape.model.compile.yaml.YamlFile;
import dev.igarape.model.sql.SqlText;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * An SQL file beside the pipeline, with one query.
 *
 * @param name path from the project's folder
 * @param text the query, blanks at the ends of lines and after the last one taken off
 */
public record SqlFile(String name, String text, SqlText scanned) {
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*\\.sql");
    private static final Map<SqlText.Dialect, Pattern> QUERIES = Map.of(
            SqlText.Dialect.SPARK, Pattern.compile("(?i)[(\\s]*(select|with)\\b"),
            SqlText.Dialect.TRINO, Pattern.compile("(?i)[(\\s]*(select|with|table)\\b"));
    private static final Pattern INSERT = Pattern.compile("(?i)\\binsert\\s+(into|overwrite)\\b");

    /** Reads the file that a definition names, and reports its errors. */
    public static Optional<SqlFile> read(
            Path folder, String folderName, SourceText file, SqlText.Dialect dialect, Diagnostics diagnostics) {
        if (!FILE_NAME.matcher(file.value()).matches()) {
            diagnostics.add(
                    file.location(),
                    "'" + file.value() + "' is not the name of an SQL file in this folder",
                    "Put the file beside pipeline.yaml and name it like orders.sql.");
            return Optional.empty();
        }
        Path path = folder.resolve(file.value());
        if (!Files.isRegularFile(path)) {
            List<String> others = sqlFiles(folder);
            diagnostics.add(
                    file.location(),
                    "there is no file " + folderName + "/" + file.value() + Suggestion.didYouMean(file.value(), others),
                    others.isEmpty()
                            ? "Put the query into that file."
                            : "Put the query there, or name one of: " + String.join(", ", others) + ".");
            return Optional.empty();
        }
        String name = folderName + "/" + file.value();
        return YamlFile.text(path, name, diagnostics).flatMap(text -> of(name, text, dialect, diagnostics));
    }

    /** The location of a position in the text. */
    public SourceLocation location(int position) {
        return new SourceLocation(name, scanned.line(position), scanned.column(position));
    }

    /** Where this word, or table name, first stands in the code; the first line if it stands nowhere as such. */
    public SourceLocation find(String word) {
        String parts = Stream.of(word.split("\\.", -1)).map(Pattern::quote).collect(Collectors.joining("\\s*\\.\\s*"));
        Matcher match = Pattern.compile("(?i)(?<![\\w.])" + parts + "(?!\\w)").matcher(scanned.code());
        return match.find() ? location(match.start()) : new SourceLocation(name, 1, 1);
    }

    private static Optional<SqlFile> of(String name, String raw, SqlText.Dialect dialect, Diagnostics diagnostics) {
        String text = raw.lines().map(String::stripTrailing).collect(Collectors.joining("\n"));
        text = text.stripTrailing();
        SqlText scanned = SqlText.of(text, dialect);
        SqlFile file = new SqlFile(name, text, scanned);
        String code = scanned.code();
        if (code.isBlank()) {
            diagnostics.add(SourceLocation.ofFile(name), "holds no query", "Write one SELECT.");
            return Optional.empty();
        }
        int semicolon = code.indexOf(';');
        if (semicolon >= 0) {
            diagnostics.add(file.location(semicolon), "';' in a query", "Write one SELECT without ';'.");
            return Optional.empty();
        }
        int start = code.length() - code.stripLeading().length();
        Matcher query = QUERIES.get(dialect).matcher(code).region(start, code.length());
        Matcher insert = INSERT.matcher(code);
        if (!query.lookingAt() || insert.find()) {
            String word = code.stripLeading().split("\\W", 2)[0].toUpperCase(Locale.ROOT);
            diagnostics.add(
                    file.location(start),
                    "is not a query" + (word.isEmpty() ? "" : ": it starts with " + word),
                    "Write one SELECT (or WITH … SELECT): the platform writes the rows.");
            return Optional.empty();
        }
        return Optional.of(file);
    }

    private static List<String> sqlFiles(Path folder) {
        String[] names = folder.toFile().list((dir, name) -> name.endsWith(".sql"));
        return names == null ? List.of() : Stream.of(names).sorted().toList();
    }
}
