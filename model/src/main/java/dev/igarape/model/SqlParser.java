package dev.igarape.model;

import java.util.List;

/**
 * Reads Spark SQL without running it; the implementation, over Spark's own parser, comes with the jobs and is found by
 * {@link java.util.ServiceLoader}, so that this module needs no Spark.
 */
public interface SqlParser {
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
     */
    record ParsedSql(List<String> tables, List<String> functions, boolean rowWise) {}

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
