package dev.igarape.jobs.landing.jdbc.dialect;

import dev.igarape.model.sql.SqlIdentifier;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.postgresql.Driver;

/** PostgreSQL. */
final class PostgresDialect implements Dialect {
    /** Small enough for rows of some 100 kB: each fetch is a question of its own. */
    private static final int ROWS_AT_ONCE = 1_000;

    @Override
    public String prefix() {
        return "jdbc:postgresql:";
    }

    @Override
    public Driver driver() {
        return new Driver();
    }

    @Override
    public Map<String, String> options(String application, int connectSeconds, int silentSeconds) {
        return Map.of(
                "loginTimeout", Integer.toString(connectSeconds),
                "connectTimeout", Integer.toString(connectSeconds),
                "socketTimeout", Integer.toString(silentSeconds),
                "ApplicationName", application);
    }

    @Override
    public String session() {
        return PostgresTypes.SESSION;
    }

    @Override
    public int rowsAtOnce() {
        return ROWS_AT_ONCE;
    }

    @Override
    public String quoted(String name) {
        return SqlIdentifier.quoted(name);
    }

    @Override
    public String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    @Override
    public List<SourceColumn> columns(Connection connection, String table) throws SQLException {
        return PostgresColumn.of(connection, table);
    }

    @Override
    public String datingTypes() {
        return "date, timestamp or timestamptz";
    }

    /**
     * By SQLSTATE: 42 is an unknown table or column, or no permission; 28 and 3D an unknown user, a wrong password or an
     * unknown database; 08004 a login for which the URL lacks something; 22 and 54 data that the database cannot produce;
     * 55000 a materialized view without data; P0 and others an error raised by a function of a view.
     */
    @Override
    public boolean isRefusal(SQLException failure) {
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        return state.matches("(08004|0A|21|22|28|2F|38|39|3D|3F|42|54|55000|P0).*");
    }

    @Override
    public String trustOption() {
        return "sslrootcert";
    }

    @Override
    public String ownOptions() {
        return "sslcert, sslkey and sslpassword";
    }

    @Override
    public boolean isDrained() {
        return true;
    }
}
