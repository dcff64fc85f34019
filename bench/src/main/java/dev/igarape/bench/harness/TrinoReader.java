package dev.igarape.bench.harness;

import dev.igarape.model.targets.Target;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

/** The tables of a target, as Trino reads them. */
public record TrinoReader(Target target) {
    /** A connection to Trino. */
    public Connection connect() throws SQLException {
        Properties user = new Properties();
        user.setProperty("user", target.trinoUser());
        return DriverManager.getConnection(target.trino(), user);
    }

    /** The checksum of a table's rows for a half-open range of dates. */
    public Checksum checksum(String table, String from, String to) throws SQLException {
        try (Connection trino = connect();
                Statement statement = trino.createStatement()) {
            List<String> columns = new ArrayList<>();
            try (ResultSet described = statement.executeQuery("DESCRIBE " + target.prefix() + table)) {
                while (described.next()) {
                    columns.add(described.getString(1));
                }
            }
            return checksum(table, columns, from, to);
        }
    }

    /** Likewise, of these columns alone. */
    public Checksum checksum(String table, List<String> columns, String from, String to) throws SQLException {
        String row = columns.stream().map(column -> '"' + column + '"').collect(Collectors.joining(", "));
        String query = "SELECT count(*), to_hex(checksum(ROW(%s))) FROM %s WHERE date >= DATE '%s' AND date < DATE '%s'"
                .formatted(row, target.prefix() + table, from, to);
        try (Connection trino = connect();
                Statement statement = trino.createStatement();
                ResultSet answer = statement.executeQuery(query)) {
            answer.next();
            return new Checksum(answer.getLong(1), String.valueOf(answer.getString(2)));
        }
    }
}
