package dev.igarape.model.compile.query;

import dev.igarape.model.compile.diagnostic.Diagnostics;
import dev.igarape.model.compile.diagnostic.SourceText;
import dev.igarape.model.sql.SqlParser;
import dev.igarape.model.sql.SqlParser.ParsedSql;
import dev.igarape.model.sql.SqlTemplate;
import java.util.List;
import java.util.regex.Pattern;

/** Check of a Spark SQL condition over the columns of one row: it parses, reads no table, and answers the same each time. */
public final class ConditionCheck {
    private static final Pattern RUN_DATE = Pattern.compile("\\{(run_date|next_date)}");

    private final SqlParser parser;
    private final Diagnostics diagnostics;

    public ConditionCheck(SqlParser parser, Diagnostics diagnostics) {
        this.parser = parser;
        this.diagnostics = diagnostics;
    }

    /**
     * Reports what is wrong with it.
     *
     * @param noun what the messages call it: {@code check}
     * @param remedy how one is written
     */
    public void check(SourceText condition, String noun, String remedy) {
        List<SqlTemplate.PlaceholderError> errors = SqlTemplate.errors(condition.value());
        errors.forEach(error -> diagnostics.add(condition.location(), error.problem(), error.remedy()));
        if (!errors.isEmpty()) {
            return;
        }
        try {
            ParsedSql parsed = parser.parseExpression(SqlTemplate.forParsing(condition.value()));
            if (!parsed.tables().isEmpty()) {
                diagnostics.add(
                        condition.location(),
                        "the " + noun + " reads " + String.join(", ", parsed.tables()),
                        "A " + noun + " sees one row of its own table: join in the SQL instead.");
            }
            new DeterminismCheck(use -> condition.location(), diagnostics).check(parsed);
        } catch (SqlParser.SqlSyntaxException e) {
            diagnostics.add(
                    condition.location(),
                    "the " + noun + " is not SQL: " + Diagnostics.sentence(e.getMessage()),
                    remedy);
        }
    }

    /** Like {@link #check}, for a table whose rows are of no date. */
    public void checkUndated(SourceText condition, String noun, String remedy) {
        if (RUN_DATE.matcher(condition.value()).find()) {
            diagnostics.add(
                    condition.location(),
                    "a date of the run in the " + noun + " of a table with keys, which has no date of its own",
                    "Compare with a column instead.");
            return;
        }
        check(condition, noun, remedy);
    }
}
