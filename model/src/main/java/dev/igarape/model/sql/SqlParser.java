package dev.igarape.model.sql;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.List;
import java.util.ServiceLoader;

/**
 * Reads Spark SQL without running it; the implementation, over Spark's own parser, comes with the jobs and is found by
 * {@link java.util.ServiceLoader}, so that this module needs no Spark.
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

    /** Parses one boolean expression, as in an expectation. */
    ParsedSql parseExpression(String expression);

    /**
     * What a query mentions.
     *
     * @param tables two-part names read by the query, in order of appearance, each once
     * @param functions names of the functions called, lower case
     * @param rowWise whether each output row comes from just one input row of just one table (only projections and
     *     filters), so that the build can balance rows
     * @param mixesRows whether an output row may come of several input rows (aggregation, join, DISTINCT, set
     *     operation, window, limit, more than one table), so that a row can't be held back alone; a query that explodes
     *     nested arrays is neither row-wise nor mixes rows
     */
    record ParsedSql(List<String> tables, List<String> functions, boolean rowWise, boolean mixesRows) {
        public ParsedSql {
            tables = List.copyOf(tables);
            functions = List.copyOf(functions);
        }

        /** A query that mixes rows if it is not row-wise. */
        public ParsedSql(List<String> tables, List<String> functions, boolean rowWise) {
            this(tables, functions, rowWise, !rowWise);
        }
    }

    /** The text is not SQL; line and column count from 1. */
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
