package dev.igarape.model.compile;

import dev.igarape.model.sql.SqlParser;
import dev.igarape.model.sql.SqlText;
import dev.igarape.model.sql.TimeShape;
import dev.igarape.model.sql.TimeShape.Form;
import dev.igarape.model.sql.TimeShape.TimeValue;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Knows just enough SQL for these tests: names by pattern, faults by unbalanced parentheses and dangling operators. */
final class TinySqlParser implements SqlParser {
    private static final Pattern TABLE = Pattern.compile("(?i)\\b(?:from|join)\\s+([a-z_]\\w*(?:\\.\\w+)*)");
    private static final Pattern NON_DETERMINISTIC = Pattern.compile("(?i)\\b(now|rand)\\s*\\(");
    private static final Pattern MIXING =
            Pattern.compile("(?i)\\b(group\\s+by|join|distinct|union|limit|over|count\\s*\\(|sum\\s*\\(|max\\s*\\()");
    private static final Pattern OUTER = Pattern.compile("(?i)\\bleft\\s+join\\b.*", Pattern.DOTALL);
    private static final Pattern DANGLING = Pattern.compile("(?i)([=<>+]|\\b(and|or|in|where|select))\\s*\\)?\\s*$");

    @Override
    public ParsedSql parse(String sql) {
        String code = checked(sql);
        List<String> tables = all(TABLE, code);
        boolean mixes = MIXING.matcher(code).find() || tables.size() != 1;
        boolean explodes = code.toLowerCase(Locale.ROOT).contains("explode");
        return new ParsedSql(tables, nonDeterministic(code), !mixes && !explodes, mixes, linear(code));
    }

    /** Takes a query for linear that joins tables and does no more; in those before the first left join. */
    private static List<String> linear(String code) {
        boolean joinsOnly =
                !MIXING.matcher(code.replaceAll("(?i)\\bjoin\\b", "")).find();
        return joinsOnly ? all(TABLE, OUTER.matcher(code).replaceFirst("")) : List.of();
    }

    /** Takes a time that stands in the query for one of its inputs. */
    @Override
    public TimeShape timeShape(String sql, String time, Map<String, List<String>> times) {
        return new TimeShape(
                Optional.of(new TimeValue(Form.SAME, Optional.empty(), 1, 1)).filter(value -> sql.contains(time)),
                List.of());
    }

    @Override
    public ParsedSql parseExpression(String expression) {
        String code = checked(expression);
        return new ParsedSql(all(TABLE, code), nonDeterministic(code), true, false, List.of());
    }

    private static String checked(String sql) {
        SqlText text = SqlText.of(sql, SqlText.Dialect.SPARK);
        String code = text.code();
        int depth = 0;
        for (int i = 0; i < code.length(); i++) {
            depth += code.charAt(i) == '(' ? 1 : code.charAt(i) == ')' ? -1 : 0;
            if (depth < 0) {
                throw new SqlSyntaxException("Syntax error at or near ')'.", text.line(i), text.column(i));
            }
        }
        if (depth > 0
                || DANGLING.matcher(code).find()
                        && !sql.replaceFirst("[\\s)]*$", "").endsWith("'")) {
            int end = sql.length();
            throw new SqlSyntaxException("Syntax error at or near end of input.", text.line(end), text.column(end));
        }
        return code;
    }

    private static List<String> all(Pattern pattern, String code) {
        Set<String> names = new LinkedHashSet<>();
        Matcher matcher = pattern.matcher(code);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return new ArrayList<>(names);
    }

    private static List<NonDeterministicUse> nonDeterministic(String code) {
        SqlText text = SqlText.of(code, SqlText.Dialect.SPARK);
        return NON_DETERMINISTIC
                .matcher(code)
                .results()
                .map(call -> new NonDeterministicUse(
                        call.group(1).equalsIgnoreCase("now") ? NonDeterminism.CLOCK : NonDeterminism.RANDOM,
                        call.group(1),
                        text.line(call.start()),
                        text.column(call.start())))
                .toList();
    }
}
