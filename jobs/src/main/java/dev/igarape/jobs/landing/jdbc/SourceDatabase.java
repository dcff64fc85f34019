package dev.igarape.jobs.landing.jdbc;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.landing.jdbc.dialect.Dialect;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/** How a landing connects to its database. */
record SourceDatabase(Lake lake, Table table, Source.Jdbc source) {
    private static final int CONNECT_SECONDS = 10;
    private static final int SILENT_SECONDS = 300;
    private static final String SYNTAX_ERROR = "42000";

    /** What kind of database it is; empty if landings read none of its kind. */
    Optional<Dialect> dialect() {
        return Dialect.of(lake.expand(source.url()));
    }

    /** Connection properties of the driver. */
    Map<String, String> options(Dialect dialect) {
        Map<String, String> options =
                new HashMap<>(dialect.options("igarape " + table.name(), CONNECT_SECONDS, SILENT_SECONDS));
        if (!source.user().isEmpty()) {
            options.put("user", lake.expand(source.user()));
        }
        if (!source.password().isEmpty()) {
            options.put("password", lake.expand(source.password()));
        }
        return options;
    }

    /** A connection, which the caller closes. */
    Connection connect(Dialect dialect) throws SQLException {
        Properties properties = new Properties();
        properties.putAll(options(dialect));
        String url = lake.expand(source.url());
        if (!isReadable(dialect.driver(), url, properties)) {
            // Without the URL, which may say a password.
            throw new SQLException("the driver can't read its URL", SYNTAX_ERROR);
        }
        return dialect.driver().connect(url, properties);
    }

    /** Drivers stumble over some URLs, as one of an empty port, and refuse others as if the database were down. */
    private static boolean isReadable(Driver driver, String url, Properties properties) throws SQLException {
        try {
            return driver.acceptsURL(url) && driver.getPropertyInfo(url, properties).length > 0;
        } catch (RuntimeException e) {
            return false;
        }
    }
}
