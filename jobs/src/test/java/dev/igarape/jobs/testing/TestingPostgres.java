package dev.igarape.jobs.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** A real PostgreSQL, with one empty database. Classes get it from {@link TestServers}. */
public final class TestingPostgres implements TestServer, TestingDatabase {
    private static final String RELOAD = "SELECT pg_reload_conf()";
    private static final Duration LONGEST_RELOAD = Duration.ofSeconds(30);

    private final EmbeddedPostgres server;
    private boolean isEncrypted;

    private TestingPostgres(EmbeddedPostgres server) {
        this.server = server;
    }

    static TestingPostgres start() {
        try {
            return new TestingPostgres(EmbeddedPostgres.builder().start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return server.getPort();
    }

    @Override
    public String jdbcUrl() {
        return server.getJdbcUrl("postgres", "postgres");
    }

    @Override
    public void execute(String... statements) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Has the server speak TLS, too, and ask for certificates of clients, until {@link #clear}. */
    public void encrypt(TestingCertificate certificate) throws SQLException {
        isEncrypted = true;
        execute(
                "ALTER SYSTEM SET ssl_cert_file = '" + certificate.certificate() + "'",
                "ALTER SYSTEM SET ssl_key_file = '" + certificate.key() + "'",
                // Only a server that could tell whom to trust asks clients for theirs; none has to have one.
                "ALTER SYSTEM SET ssl_ca_file = '" + certificate.certificate() + "'",
                "ALTER SYSTEM SET ssl = on",
                RELOAD);
        Awaitility.await("TLS").atMost(LONGEST_RELOAD).until(() -> {
            try (Connection connection = DriverManager.getConnection(jdbcUrl() + "&sslmode=require")) {
                return connection.isValid(0);
            } catch (SQLException e) {
                return false;
            }
        });
    }

    /** Drops every schema, and with them tables, types and extensions. */
    @Override
    public void clear() {
        try (Connection connection = server.getPostgresDatabase().getConnection();
                Statement statement = connection.createStatement()) {
            if (isEncrypted) {
                statement.execute("ALTER SYSTEM RESET ALL");
                statement.execute(RELOAD);
                isEncrypted = false;
            }
            // A reader that a test has left would keep its table locked.
            statement.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
            for (String schema : schemas(statement)) {
                statement.execute("DROP SCHEMA " + schema + " CASCADE");
            }
            statement.execute("CREATE SCHEMA public");
        } catch (SQLException e) {
            throw new IllegalStateException("a schema was not dropped", e);
        }
    }

    private static List<String> schemas(Statement statement) throws SQLException {
        List<String> schemas = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery("SELECT quote_ident(nspname) FROM pg_namespace"
                + " WHERE nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%'")) {
            while (rows.next()) {
                schemas.add(rows.getString(1));
            }
        }
        return schemas;
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
