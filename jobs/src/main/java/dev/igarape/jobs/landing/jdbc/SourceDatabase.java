package dev.igarape.jobs.landing.jdbc;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.postgresql.Driver;

/** How a landing connects to its database. */
record SourceDatabase(Lake lake, Table table, Source.Jdbc source) {
    private static final int CONNECT_SECONDS = 10;
    private static final int SILENT_SECONDS = 300;

    /** Connection properties of PostgreSQL's driver. */
    Map<String, String> options() {
        Map<String, String> options = new HashMap<>();
        options.put("loginTimeout", Integer.toString(CONNECT_SECONDS));
        options.put("connectTimeout", Integer.toString(CONNECT_SECONDS));
        options.put("socketTimeout", Integer.toString(SILENT_SECONDS));
        options.put("ApplicationName", "igarape " + table.name());
        if (!source.user().isEmpty()) {
            options.put("user", lake.expand(source.user()));
        }
        if (!source.password().isEmpty()) {
            options.put("password", lake.expand(source.password()));
        }
        return options;
    }

    /** A connection, which the caller closes; empty if the URL is of no PostgreSQL. */
    Optional<Connection> connect() throws SQLException {
        Properties properties = new Properties();
        properties.putAll(options());
        return Optional.ofNullable(new Driver().connect(lake.expand(source.url()), properties));
    }
}
