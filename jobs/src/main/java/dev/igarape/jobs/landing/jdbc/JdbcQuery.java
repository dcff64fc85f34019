package dev.igarape.jobs.landing.jdbc;

import dev.igarape.jobs.failure.SparkFailure;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.landing.jdbc.dialect.Dialect;
import dev.igarape.jobs.landing.jdbc.dialect.SourceColumn;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.sql.SqlIdentifier;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/** Reads a date's rows from a database by one query over one connection, so that they are from one snapshot. */
final class JdbcQuery {
    /** The column of {@link #dated}. */
    static final String DATE = "date";

    private final Lake lake;
    private final Table table;
    private final Source.Jdbc source;
    private final SourceDatabase database;
    private final ZoneId timezone;
    /** Whether columns that the table does not declare are left out. */
    private final boolean declaredOnly;

    /** @param timezone in which a day begins */
    JdbcQuery(Lake lake, Table table, Source.Jdbc source, ZoneId timezone) {
        this(lake, table, source, timezone, false);
    }

    private JdbcQuery(Lake lake, Table table, Source.Jdbc source, ZoneId timezone, boolean declaredOnly) {
        this.lake = lake;
        this.table = table;
        this.source = source;
        this.database = new SourceDatabase(lake, table, source);
        this.timezone = timezone;
        this.declaredOnly = declaredOnly;
    }

    /** A query that compares the columns that a table declares, and lands nothing. */
    static JdbcQuery ofDeclared(Lake lake, Table table, Source.Jdbc source, ZoneId timezone) {
        return new JdbcQuery(lake, table, source, timezone, true);
    }

    /** The rows, which Spark reads later; {@link #failure} explains exceptions of both steps. */
    Dataset<Row> rows(SparkSession session, LocalDate date) throws SQLException {
        List<SourceColumn> columns = columns(date);
        String where = dateCondition(columns, date);
        return read(session, dialect(date), landed(columns), where);
    }

    /**
     * All rows, whatever their date, with the day of {@code by} as the column {@code date}.
     *
     * @param otherwise the day of rows that name none
     */
    Dataset<Row> dated(SparkSession session, LocalDate otherwise) throws SQLException {
        List<SourceColumn> columns = columns(otherwise);
        Optional<SourceColumn> by = by(columns, otherwise);
        List<LandedColumn> landed = landed(columns);
        Column date = functions.lit(otherwise);
        if (by.isPresent()) {
            String name = landed.stream()
                    .filter(column -> column.source().equals(by.get()))
                    .findFirst()
                    .orElseThrow()
                    .name();
            date = functions.coalesce(functions.col(name).cast("timestamp").cast("date"), date);
        }
        return read(session, dialect(otherwise), landed, "").withColumn(DATE, date);
    }

    /** Those of a date whose keys lie in a range. */
    Dataset<Row> rows(SparkSession session, LocalDate date, KeyRange keys) throws SQLException {
        List<SourceColumn> columns = columns(date);
        String ofDate = dateCondition(columns, date);
        List<LandedColumn> landed = landed(columns);
        String where = Stream.of(ofDate, keys.sql(dialect(date), landed))
                .filter(condition -> !condition.isEmpty())
                .collect(Collectors.joining(" AND "));
        return read(session, dialect(date), landed, where);
    }

    /** The columns that are read. */
    private List<LandedColumn> landed(List<SourceColumn> columns) {
        List<SourceColumn> read = declaredOnly
                ? columns.stream()
                        .filter(column -> table.columns().containsKey(column.name()))
                        .toList()
                : columns;
        return LandedColumn.of(table, source, read);
    }

    private Dataset<Row> read(SparkSession session, Dialect dialect, List<LandedColumn> landed, String where) {
        Map<String, String> options = database.options(dialect);
        options.put("url", lake.expand(source.url()));
        options.put("driver", dialect.driver().getClass().getName());
        options.put("fetchsize", Integer.toString(dialect.rowsAtOnce()));
        options.put("sessionInitStatement", dialect.session());
        options.put("query", sql(dialect, landed, where));
        Dataset<Row> texts = session.read().format("jdbc").options(options).load();
        StructType schema = texts.schema();
        Column[] values = new Column[landed.size()];
        for (int i = 0; i < values.length; i++) {
            LandedColumn column = landed.get(i);
            Column text = functions.col("c" + i);
            boolean isRead = column.type() instanceof StringType
                    || column.type().equals(schema.apply(i).dataType());
            Column value = isRead
                    ? text
                    : functions
                            .udf(new ColumnConverter(column.name(), column.type(), timezone), column.type())
                            .apply(text);
            values[i] = value.as(column.name());
        }
        return texts.select(values);
    }

    /** The columns that the database has now. */
    List<SourceColumn> columns(LocalDate date) throws SQLException {
        Dialect dialect = dialect(date);
        try (Connection connection = database.connect(dialect)) {
            return dialect.columns(connection, source.table());
        }
    }

    /** @throws LakeException DEFINITION if landings read no such databases */
    Dialect dialect(LocalDate date) {
        return database.dialect()
                .orElseThrow(() -> new LakeException(
                        ExitCode.DEFINITION,
                        problem(date) + "is in no database that landings read, since " + source.url()
                                + " does not begin with " + Dialect.prefixes() + ". Mend the variable."));
    }

    private String sql(Dialect dialect, List<LandedColumn> columns, String where) {
        StringBuilder sql = new StringBuilder("SELECT ");
        for (int i = 0; i < columns.size(); i++) {
            LandedColumn column = columns.get(i);
            sql.append(i == 0 ? "" : ", ")
                    .append(column.source().text(column.type()))
                    .append(" AS c")
                    .append(i);
        }
        return sql.append(" FROM ")
                .append(dialect.table(source.table()))
                .append(where.isEmpty() ? "" : " WHERE ")
                .append(where)
                .toString();
    }

    /** The condition for a date; empty text: none. The day begins in the pipeline's time zone, whatever the server's is. */
    private String dateCondition(List<SourceColumn> columns, LocalDate date) {
        return by(columns, date)
                .map(by -> {
                    String column = dialect(date).quoted(by.name());
                    return column + " >= "
                            + by.startOf(date, timezone).orElseThrow() + " AND " + column + " < "
                            + by.startOf(date.plusDays(1), timezone).orElseThrow();
                })
                .orElse("");
    }

    /** The column that dates rows; empty if the landing names none. */
    private Optional<SourceColumn> by(List<SourceColumn> columns, LocalDate date) {
        if (source.by().isEmpty()) {
            return Optional.empty();
        }
        String name = SqlIdentifier.unquoted(source.by().get());
        SourceColumn by = columns.stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new LakeException(
                        ExitCode.DEFINITION,
                        problem(date) + "has no column " + name + ", which `by` names. It has "
                                + columns.stream().map(SourceColumn::name).collect(Collectors.joining(", "))
                                + "; write the one that is meant, in the same letters."));
        if (by.startOf(date, timezone).isEmpty()) {
            throw new LakeException(
                    ExitCode.DEFINITION,
                    problem(date) + "has in " + name + ", which `by` names, values of the type " + by.type()
                            + ". Name a column of the type " + dialect(date).datingTypes() + ".");
        }
        return Optional.of(by);
    }

    /** Explains an exception of reading as a LakeException; other exceptions are returned unchanged. */
    RuntimeException failure(Exception thrown, LocalDate date) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof LakeException known) {
                return known;
            }
            if (cause instanceof InexactValueException value) {
                return explain(value, date);
            }
            if (cause instanceof SQLException sql) {
                return explain(innermost(sql), date);
            }
        }
        Optional<SparkFailure> spark = SparkFailure.of(thrown);
        if (spark.isPresent()) {
            return new LakeException(
                    spark.get().exitCode(),
                    "Cannot land " + table + " for " + date + ": " + spark.get().problem() + ". Nothing was committed. "
                            + "Mend the table or the landing, then run again.",
                    thrown);
        }
        return thrown instanceof RuntimeException runtime ? runtime : new IllegalStateException(thrown);
    }

    /** The failure that others wrap: MariaDB's driver calls any fault of a connection's first statements a lost one. */
    private static SQLException innermost(SQLException failure) {
        SQLException found = failure;
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                found = sql;
            }
        }
        return found;
    }

    private LakeException explain(InexactValueException value, LocalDate date) {
        String widerType = value.widerType()
                .map(type -> ColumnsYaml.of(table, source).type(value.column(), type) + " or, as text, ")
                .orElse("");
        return new LakeException(
                ExitCode.DEFINITION,
                problem(date) + "has in column " + value.column() + " '" + value.value() + "', which " + value.type()
                        + " can't hold exactly. Nothing was committed. Declare a type that can under " + table.name()
                        + " in pipeline.yaml, " + widerType
                        + ColumnsYaml.of(table, source).type(value.column(), "string")
                        + ", and run again.",
                value);
    }

    private String problem(LocalDate date) {
        return (declaredOnly ? "Cannot reconcile " : "Cannot land ") + table.name() + " for " + date + ": "
                + source.table() + " ";
    }

    private LakeException explain(SQLException failure, LocalDate date) {
        String problem = problem(date);
        Dialect dialect = dialect(date);
        Optional<String> tls = dialect.tlsRemedy(failure);
        if (tls.isPresent()) {
            return new LakeException(
                    ExitCode.DEFINITION,
                    problem + "can't be read over TLS: " + oneLine(withCause(failure)) + ". Nothing was committed. "
                            + tls.get(),
                    failure);
        }
        if (dialect.isRefusal(failure)) {
            return new LakeException(
                    ExitCode.DEFINITION,
                    problem + "can't be read: " + oneLine(failure.getMessage())
                            + ". Nothing was committed. Mend the landing or the rights of its user.",
                    failure);
        }
        return new LakeException(
                ExitCode.UNAVAILABLE,
                problem + "could not be read to its end: " + oneLine(failure.getMessage())
                        + ". Nothing was committed; see that the database is up, and run again.",
                failure);
    }

    /** What a driver says, and which file it could not read, which MariaDB's tells in the cause alone. */
    private static String withCause(SQLException failure) {
        String message = String.valueOf(failure.getMessage());
        return Optional.ofNullable(failure.getCause())
                .map(Throwable::getMessage)
                .filter(cause -> !message.contains(cause))
                .map(cause -> message + ": " + cause)
                .orElse(message);
    }

    private String oneLine(String text) {
        // Drivers repeat a URL that they can't read, or parts of it, and MariaDB's says the number of the connection.
        String message = String.valueOf(text)
                .replace(lake.expand(source.url()), source.url())
                .strip()
                .replaceAll("\\s+", " ")
                .replaceAll("(?i)(password\\w*=)[^&\\s]*", "$1…")
                .replaceFirst("^\\(conn=\\d+\\) ", "");
        return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    }
}
