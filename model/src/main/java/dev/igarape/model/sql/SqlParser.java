package dev.igarape.model.sql;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;

/**
 * A parser of Spark SQL that runs nothing. The implementation, over Spark's own grammar, comes with the jobs and is
 * found by {@link java.util.ServiceLoader}, so that this module needs no Spark.
 */
public interface SqlParser {
    /**
     * The parser on the class path.
     *
     * @throws LakeException with {@link ExitCode#BUG} where there is none
     */
    static SqlParser load() {
        return ServiceLoader.load(SqlParser.class)
                .findFirst()
                .orElseThrow(() -> new LakeException(
                        ExitCode.BUG, "No SQL parser is on the class path. Put the jobs' jar and Spark's jars there."));
    }

    /** Parses one query; throws {@link SqlSyntaxException} with line and column where it does not parse. */
    ParsedSql parse(String sql);

    /**
     * How the rows of a query, which {@link #parse} takes, follow from the times of the rows that it reads.
     *
     * @param time the result's column of event times
     * @param times where the rows of each table have their event time, by its two-part name: a column, and the fields below
     */
    TimeShape timeShape(String sql, String time, Map<String, List<String>> times);

    /** Parses one boolean expression, as in an expectation. */
    ParsedSql parseExpression(String expression);

    /**
     * What the compiler needs to know of a query.
     *
     * @param tables two-part names read by the query, in order of appearance, each once
     * @param nonDeterministic what may give another result when the query runs again over the same rows
     * @param rowWise whether each output row comes from just one input row of just one table (only projections and
     *     filters), so that the build can balance rows
     * @param mixesRows whether an output row may come of several input rows (aggregation, join, DISTINCT, set
     *     operation, window, limit, more than one table), so that a row can't be held back alone; a query that explodes
     *     nested arrays is neither row-wise nor mixes rows
     * @param linear those of the tables, in lower case, in which the query is linear: what it gives for some rows of such a table
     *     and for the rest of them is, together, what it gives for all, whatever the other tables hold. An inner join is linear in
     *     both tables, a left join in the left one, and an aggregation in none
     */
    record ParsedSql(
            List<String> tables,
            List<NonDeterministicUse> nonDeterministic,
            boolean rowWise,
            boolean mixesRows,
            List<String> linear) {
        public ParsedSql {
            tables = List.copyOf(tables);
            nonDeterministic = List.copyOf(nonDeterministic);
            linear = List.copyOf(linear);
        }
    }

    /**
     * A part of a query whose result depends on more than the rows and the definition.
     *
     * @param name the function, without parentheses, or the word for a date
     * @param line from 1
     * @param column from 1
     */
    record NonDeterministicUse(NonDeterminism kind, String name, int line, int column) {}

    /** What a non-deterministic result depends on. */
    enum NonDeterminism {
        /** The time of the run, as {@code now()}. */
        CLOCK,
        /** The time of the run, as in {@code DATE 'today'}. */
        CLOCK_LITERAL,
        /** Chance, as {@code rand()}. */
        RANDOM,
        /** How rows are stored in files and partitions, as {@code input_file_name()}. */
        LAYOUT,
        /** Who runs the query and where, as {@code current_user()}. */
        SESSION,
        /** Java code, as {@code reflect('…')}. */
        JAVA,
        /** The order in which rows come, for an aggregate that takes one of them, as {@code first(a)}. */
        ANY_ROW,
        /** The order in which rows come, for an aggregate that collects them, as {@code collect_list(a)}. */
        UNSORTED_COLLECTION,
        /** Which rows {@code TABLESAMPLE} takes. */
        SAMPLE,
        /** Which rows {@code LIMIT} takes where nothing sorts them. */
        UNSORTED_LIMIT
    }

    /** A syntax error; line and column count from 1. */
    final class SqlSyntaxException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final int line;
        private final int column;

        public SqlSyntaxException(String message, int line, int column) {
            super(message);
            this.line = line;
            this.column = column;
        }

        public int line() {
            return line;
        }

        public int column() {
            return column;
        }
    }
}
