package dev.igarape.cli.query;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.targets.Target;
import io.trino.jdbc.TrinoDriver;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;

/** A client of Trino. */
public final class TrinoClient {
    private final Target target;

    public TrinoClient(Target target) {
        this.target = target;
    }

    /** Runs one statement; the result of a statement that returns no rows has no columns. */
    public QueryResult query(String sql) {
        Properties properties = new Properties();
        properties.setProperty("user", target.trinoUser());
        properties.setProperty("source", "lake");
        try (Connection connection = new TrinoDriver().connect(target.trino(), properties);
                Statement statement = connection.createStatement()) {
            // The driver adds nothing to SQL; a trailing semicolon is a syntax error to the server.
            boolean hasResult = statement.execute(sql.strip().replaceFirst(";$", ""));
            if (!hasResult) {
                return new QueryResult(List.of(), List.of());
            }
            try (ResultSet rows = statement.getResultSet()) {
                return QueryResult.read(rows);
            }
        } catch (SQLException e) {
            throw translate(e);
        }
    }

    private LakeException translate(SQLException error) {
        // Trino numbers its errors: below 65536 they are the user's, and a broken connection has no number.
        boolean user = error.getErrorCode() > 0 && error.getErrorCode() < 0x1_0000;
        return user
                ? new LakeException(ExitCode.USAGE, "Trino refuses the query: " + error.getMessage(), error)
                : new LakeException(
                        ExitCode.UNAVAILABLE,
                        "Trino at %s does not answer the query: %s. Is the stack up? ./lake status tells."
                                .formatted(target.trino(), error.getMessage()),
                        error);
    }
}
