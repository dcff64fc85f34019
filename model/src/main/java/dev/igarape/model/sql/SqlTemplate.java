package dev.igarape.model.sql;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Spark SQL in which {@code {run_date}} stands for the date that is built and {@code {next_date}} for the one after it,
 * both as typed literals, {@code DATE '2024-01-01'}. Braces in strings and comments are left alone.
 */
public final class SqlTemplate {
    private static final Set<String> NAMES = Set.of("run_date", "next_date");
    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}\\n]*)}");
    private static final String REMEDY =
            "Use {run_date} for the date that is built or {next_date} for the one after it.";

    private SqlTemplate() {}

    /** An error in the use of a placeholder; line and column count from 1. */
    public record PlaceholderError(int line, int column, String problem, String remedy) {}

    /**
     * The SQL for one date.
     *
     * @throws LakeException with {@link ExitCode#DEFINITION} where {@link #errors} finds something
     */
    public static String render(String sql, LocalDate date) {
        List<PlaceholderError> errors = errors(sql);
        if (!errors.isEmpty()) {
            PlaceholderError first = errors.get(0);
            throw new LakeException(
                    ExitCode.DEFINITION, "Line " + first.line() + ": " + first.problem() + ". " + first.remedy());
        }
        Map<String, LocalDate> dates = Map.of("run_date", date, "next_date", date.plusDays(1));
        return replaced(sql, placeholder -> "DATE '" + dates.get(placeholder.group(1)) + "'");
    }

    /**
     * The SQL with each placeholder replaced by a date literal of its own length, so that a parser's positions are
     * positions in the template.
     */
    public static String forParsing(String sql) {
        return replaced(sql, placeholder -> {
            String literal = "'1970'";
            return "DATE" + " ".repeat(Math.max(0, placeholder.group().length() - 4 - literal.length())) + literal;
        });
    }

    private static String replaced(String sql, Function<MatchResult, String> literal) {
        Matcher placeholder =
                PLACEHOLDER.matcher(SqlText.of(sql, SqlText.Dialect.SPARK).code());
        StringBuilder replaced = new StringBuilder();
        int end = 0;
        while (placeholder.find()) {
            replaced.append(sql, end, placeholder.start()).append(literal.apply(placeholder));
            end = placeholder.end();
        }
        return replaced.append(sql, end, sql.length()).toString();
    }

    /** The errors for which {@link #render} refuses the SQL, in order. */
    public static List<PlaceholderError> errors(String sql) {
        SqlText text = SqlText.of(sql, SqlText.Dialect.SPARK);
        List<PlaceholderError> errors = new ArrayList<>();
        Matcher code = PLACEHOLDER.matcher(text.code());
        while (code.find()) {
            unknown(code.group(1))
                    .ifPresent(problem -> errors.add(
                            new PlaceholderError(text.line(code.start()), text.column(code.start()), problem, REMEDY)));
        }
        Matcher strings = PLACEHOLDER.matcher(text.strings());
        while (strings.find()) {
            if (NAMES.contains(strings.group(1))) {
                errors.add(new PlaceholderError(
                        text.line(strings.start()),
                        text.column(strings.start()),
                        strings.group() + " stands in quotes, where it is not replaced",
                        "Write it without quotes: it becomes a DATE literal. For text use CAST(" + strings.group()
                                + " AS STRING)."));
            }
        }
        return List.copyOf(errors);
    }

    private static Optional<String> unknown(String name) {
        return NAMES.contains(name) ? Optional.empty() : Optional.of("unknown placeholder {" + name.strip() + "}");
    }
}
