package dev.igarape.jobs.jdbc;

import dev.igarape.jobs.Lake;
import dev.igarape.model.ExitCode;
import dev.igarape.model.LakeException;
import dev.igarape.model.Source;
import dev.igarape.model.TableName;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Reads the rows of a date from a database, in one query over one connection, so that they are of one moment. */
final class JdbcQuery {
    private static final int ROWS_AT_ONCE = 10_000;
    private static final int CONNECT_SECONDS = 10;
    private static final int SILENT_SECONDS = 300;

    private final Lake lake;
    private final TableName table;
    private final Source.Jdbc source;
    private final ZoneId timezone;

    JdbcQuery(Lake lake, TableName table, Source.Jdbc source, ZoneId timezone) {
        this.lake = lake;
        this.table = table;
        this.source = source;
        this.timezone = timezone;
    }

    /** The rows, which are read when they are asked for; what goes wrong then, {@link #failure} explains. */
    Dataset<Row> rows(SparkSession session, LocalDate date) {
        Map<String, String> options = new HashMap<>();
        options.put("url", lake.expand(source.url()));
        options.put("driver", "org.postgresql.Driver");
        options.put("query", sql(date));
        options.put("fetchsize", Integer.toString(ROWS_AT_ONCE));
        options.put("loginTimeout", Integer.toString(CONNECT_SECONDS));
        options.put("connectTimeout", Integer.toString(CONNECT_SECONDS));
        options.put("socketTimeout", Integer.toString(SILENT_SECONDS));
        options.put("ApplicationName", "igarape " + table);
        // A day is the pipeline's, whatever type the column has and whatever the server thinks.
        options.put("sessionInitStatement", "SET TIME ZONE '" + timezone.getId() + "'");
        if (!source.user().isEmpty()) {
            options.put("user", lake.expand(source.user()));
        }
        if (!source.password().isEmpty()) {
            options.put("password", lake.expand(source.password()));
        }
        return session.read().format("jdbc").options(options).load();
    }

    private String sql(LocalDate date) {
        String all = "SELECT * FROM " + source.table();
        return source.by()
                .map(column -> all + " WHERE " + column + " >= TIMESTAMP '" + date + " 00:00:00' AND " + column
                        + " < TIMESTAMP '" + date.plusDays(1) + " 00:00:00'")
                .orElse(all);
    }

    /** What a failed reading means to whoever ran it; empty cause chains and other errors are given back. */
    RuntimeException failure(Exception thrown, LocalDate date) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof LakeException known) {
                return known;
            }
            if (cause instanceof SQLException sql) {
                return explained(sql, date);
            }
        }
        return thrown instanceof RuntimeException runtime ? runtime : new IllegalStateException(thrown);
    }

    private LakeException explained(SQLException failure, LocalDate date) {
        String problem = "Cannot land " + table + " for " + date + ": " + source.table() + " ";
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        // 42: no such table or column, or no right to it; 28 and 3D: no such user, password or database; 22: bad data.
        boolean users = state.matches("(42|28|3D|3F|22).*");
        if (users) {
            return new LakeException(
                    ExitCode.DEFINITION,
                    problem + "can't be read: " + line(failure) + ". Nothing was committed. Mend the landing or the"
                            + " rights of its user.",
                    failure);
        }
        return new LakeException(
                ExitCode.UNAVAILABLE,
                problem + "could not be read to its end: " + line(failure) + ". Nothing was committed; see that the"
                        + " database is up, and run again.",
                failure);
    }

    private static String line(SQLException failure) {
        String message = String.valueOf(failure.getMessage()).strip().replaceAll("\\s+", " ");
        return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
    }
}
