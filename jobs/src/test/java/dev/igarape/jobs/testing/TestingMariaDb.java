package dev.igarape.jobs.testing;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/**
 * A real MariaDB, by Debian's package {@code mariadb-server-core}, with one empty database. It takes dates of zeros, its
 * time zone is UTC-3, so that a landing that relies on the server's fails, and it speaks TLS with whoever wants to. Classes
 * get it from {@link TestServers}.
 */
public final class TestingMariaDb implements TestServer, TestingDatabase {
    private static final String DATABASE = "shop";
    private static final Duration LONGEST_START = Duration.ofSeconds(60);
    private static final int LONGEST_STOP_SECONDS = 30;
    /** Where versions have the statements that make the system's tables, and how they call them. */
    private static final List<String> SYSTEM_TABLES =
            List.of("/usr/share/mysql/mysql_system_tables", "/usr/share/mariadb/mariadb_system_tables");

    private final Path folder;
    private final Process process;
    private final int port;
    private final TestingCertificate certificate;

    private TestingMariaDb(Path folder, Process process, int port, TestingCertificate certificate) {
        this.folder = folder;
        this.process = process;
        this.port = port;
        this.certificate = certificate;
    }

    static TestingMariaDb start() {
        try {
            Path folder = Files.createTempDirectory("testing-mariadb");
            bootstrap(folder);
            TestingCertificate certificate = TestingCertificate.in(folder);
            int port = TestingKafka.freePort();
            Process process = process(
                    folder,
                    "--port=" + port,
                    "--bind-address=127.0.0.1",
                    "--socket=" + folder.resolve("socket"),
                    "--pid-file=" + folder.resolve("pid"),
                    "--skip-name-resolve",
                    "--ssl-cert=" + certificate.certificate(),
                    "--ssl-key=" + certificate.key(),
                    "--character-set-server=utf8mb4",
                    "--default-time-zone=-03:00",
                    "--sql-mode=",
                    "--max-allowed-packet=64M",
                    "--lock-wait-timeout=30");
            // A JVM that is told to end closes no servers.
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
            TestingMariaDb server = new TestingMariaDb(folder, process, port, certificate);
            server.awaitStart();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void bootstrap(Path folder) throws IOException {
        Files.createDirectory(data(folder));
        Process process = process(folder, "--bootstrap");
        try (OutputStream statements = process.getOutputStream()) {
            // Root needs no password, and no socket.
            statements.write("CREATE DATABASE mysql;\nUSE mysql;\nSET @auth_root_socket = NULL;\n"
                    .getBytes(StandardCharsets.US_ASCII));
            Path tables = SYSTEM_TABLES.stream()
                    .map(name -> Path.of(name + ".sql"))
                    .filter(Files::exists)
                    .findFirst()
                    .orElseThrow(() -> new IllegalStateException("there is none of " + SYSTEM_TABLES));
            Files.copy(tables, statements);
            Files.copy(tables.resolveSibling(tables.getFileName().toString().replace(".sql", "_data.sql")), statements);
        } catch (IOException e) {
            throw new IllegalStateException("MariaDB does not make its system's tables: " + log(folder), e);
        }
        try {
            if (process.waitFor() != 0) {
                throw new IllegalStateException("MariaDB's system tables were not made: " + log(folder));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static Process process(Path folder, String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                program().toString(),
                "--no-defaults",
                "--user=" + System.getProperty("user.name"),
                "--datadir=" + data(folder),
                "--innodb-buffer-pool-size=32M",
                "--innodb-log-file-size=16M",
                "--innodb-flush-log-at-trx-commit=0",
                "--innodb-doublewrite=0"));
        command.addAll(List.of(options));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(
                        ProcessBuilder.Redirect.appendTo(folder.resolve("log").toFile()))
                .start();
    }

    /** Debian has it in {@code /usr/sbin}, which is on the path of root alone. */
    private static Path program() {
        return Stream.of((System.getenv().getOrDefault("PATH", "") + ":/usr/sbin").split(":"))
                .map(folder -> Path.of(folder).resolve("mariadbd"))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "There is no mariadbd. Install it: sudo apt install mariadb-server-core"));
    }

    private static Path data(Path folder) {
        return folder.resolve("data");
    }

    private static String log(Path folder) throws IOException {
        return Files.readString(folder.resolve("log"));
    }

    private void awaitStart() {
        String server = "jdbc:mariadb://127.0.0.1:" + port + "/?user=root";
        Awaitility.await("MariaDB's answer")
                .atMost(LONGEST_START)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new IllegalStateException("MariaDB has ended: " + log(folder));
                    }
                    try (Connection connection = DriverManager.getConnection(server);
                            Statement statement = connection.createStatement()) {
                        statement.execute("CREATE DATABASE " + DATABASE);
                        return true;
                    } catch (SQLException e) {
                        return false;
                    }
                });
    }

    public int port() {
        return port;
    }

    /** What it proves who it is with to those who ask over TLS. */
    public TestingCertificate certificate() {
        return certificate;
    }

    @Override
    public String jdbcUrl() {
        return "jdbc:mariadb://127.0.0.1:" + port + "/" + DATABASE + "?user=root";
    }

    @Override
    public void execute(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(jdbcUrl());
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** Drops every database and user that a class has made. */
    @Override
    public void clear() {
        try (Connection connection = DriverManager.getConnection(jdbcUrl());
                Statement statement = connection.createStatement()) {
            List<String> drops = texts(
                    statement,
                    "SELECT CONCAT('DROP DATABASE `', schema_name, '`')"
                            + " FROM information_schema.schemata"
                            + " WHERE schema_name NOT IN ('mysql', 'sys', 'information_schema', 'performance_schema')");
            drops.addAll(texts(
                    statement,
                    "SELECT CONCAT('DROP USER ', QUOTE(user), '@', QUOTE(host)) FROM mysql.global_priv"
                            + " WHERE user NOT IN ('root', 'mariadb.sys')"));
            for (String drop : drops) {
                statement.execute(drop);
            }
            statement.execute("CREATE DATABASE " + DATABASE);
        } catch (SQLException e) {
            throw new IllegalStateException("a database was not dropped", e);
        }
    }

    private static List<String> texts(Statement statement, String query) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    @Override
    public void close() {
        try {
            process.destroy();
            if (!process.waitFor(LONGEST_STOP_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
