package dev.igarape.jobs.landing.jdbc.dialect;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.mariadb.jdbc.Driver;

/** MariaDB, and what speaks its protocol. */
final class MariaDbDialect implements Dialect {
    /**
     * What has the SQLSTATE HY000 and no other number would say: no right to connect from this host, a variable that the
     * server has not, collations of a view that don't go together, a view whose tables or definer are gone, a password that
     * has expired, a user who is blocked or locked, and a MySQL that wants TLS.
     */
    private static final Set<Integer> REFUSALS = Set.of(1130, 1193, 1267, 1356, 1449, 1820, 1862, 3159, 4150, 4151);

    /** What has the SQLSTATE 42000 and passes: too many connections of a user, or too much in this hour. */
    private static final Set<Integer> PASSING = Set.of(1203, 1226);

    @Override
    public String prefix() {
        return "jdbc:mariadb:";
    }

    @Override
    public Driver driver() {
        return new Driver();
    }

    /** Landings never load files, so the driver need not answer a server that asks for one; a URL may say otherwise. */
    @Override
    public Map<String, String> options(String application, int connectSeconds, int silentSeconds) {
        return Map.of(
                "connectTimeout",
                Integer.toString(connectSeconds * 1_000),
                "socketTimeout",
                Integer.toString(silentSeconds * 1_000),
                "transactionIsolation",
                "REPEATABLE-READ",
                "allowLocalInfile",
                "false",
                "connectionAttributes",
                "program_name:" + application);
    }

    /**
     * Settings that the text depends on. ANSI_QUOTES makes names of what Spark puts into double quotes around our query, which
     * would be texts otherwise. The server gives up a client that takes nothing for net_write_timeout, 60 seconds where nobody
     * says more; a result is written to files while it is read. derived_merge has the server read our query as part of Spark's;
     * otherwise it would keep a copy of all rows first.
     */
    @Override
    public String session() {
        return "SET SESSION sql_mode = 'ANSI_QUOTES', time_zone = '+00:00', net_write_timeout = 600,"
                + " optimizer_switch = 'derived_merge=on'";
    }

    /** The server sends all rows at once; the driver only keeps so many of them. */
    @Override
    public int rowsAtOnce() {
        return 1;
    }

    /** In backticks, which mean the same in every SQL mode. */
    @Override
    public String quoted(String name) {
        return identifier(name);
    }

    static String identifier(String name) {
        return "`" + name.replace("`", "``") + "`";
    }

    @Override
    public String literal(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
    }

    @Override
    public List<SourceColumn> columns(Connection connection, String table) throws SQLException {
        List<SourceColumn> columns = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW COLUMNS FROM " + table(table))) {
            while (rows.next()) {
                columns.add(MariaDbColumn.of(rows.getString("Field"), rows.getString("Type")));
            }
        }
        return columns;
    }

    @Override
    public String datingTypes() {
        return "date, datetime or timestamp";
    }

    /**
     * By SQLSTATE: 42 is an unknown table, column or database, or no permission; 28 a wrong password; 3D no database; 22 data
     * that the database cannot produce; 45 an error raised by a function of a view. A URL that the driver can't read has
     * none.
     */
    @Override
    public boolean isRefusal(SQLException failure) {
        if (PASSING.contains(failure.getErrorCode())) {
            return false;
        }
        return failure.getSQLState() == null
                || failure.getSQLState().matches("(0A|21|22|28|2F|3D|42|45).*")
                || REFUSALS.contains(failure.getErrorCode());
    }

    @Override
    public String trustOption() {
        return "serverSslCert";
    }

    @Override
    public String ownOptions() {
        return "keyStore and keyStorePassword";
    }

    @Override
    public boolean isDrained() {
        return false;
    }
}
