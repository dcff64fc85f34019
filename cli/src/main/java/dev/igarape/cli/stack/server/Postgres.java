package dev.igarape.cli.stack.server;

import dev.igarape.cli.install.DownloadCache;
import dev.igarape.cli.process.Daemon;
import dev.igarape.cli.process.ExternalCommand;
import dev.igarape.cli.stack.config.Port;
import dev.igarape.cli.stack.config.SecretFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * PostgreSQL: Airflow's database, and beside it one with a small table, to try queries over lake and database with.
 */
public final class Postgres implements Server {
    static final String NAME = "postgres";
    static final String LOGIN = NAME + "/lake";
    private static final String USER = "lake";
    private static final String EXAMPLE = "shop";
    private static final String AIRFLOW = "airflow";
    private static final String AIRFLOW_LOGIN = NAME + "/" + AIRFLOW;
    private static final int PATIENCE_MILLIS = 2000;
    /** Asks for TLS, which the server refuses with one letter: nothing else on this port would. */
    private static final byte[] TLS_REQUEST = {0, 0, 0, 8, 4, (byte) 0xd2, 0x16, 0x2f};
    /** Each line is a statement. The passwords are those of {@code credentials.json}, even if that was made anew. */
    private static final String LOGINS = """
            DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%2$s') THEN CREATE ROLE %2$s; END IF; END $$;
            ALTER ROLE %1$s LOGIN PASSWORD '%3$s';
            ALTER ROLE %2$s LOGIN PASSWORD '%4$s';
            ALTER DATABASE %2$s OWNER TO %2$s;
            """;

    private final StackContext around;

    public Postgres(StackContext around) {
        this.around = around;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void install() {
        programs();
    }

    private Path programs() {
        return around.installer().archive(NAME, "", folder -> {}).resolve("bin");
    }

    private Path cluster() {
        return around.workspace().data(NAME).resolve("cluster");
    }

    /** The line for one of its programs. They refuse to run as root, which a namespace of their own hides. */
    private List<String> line(String program, String... arguments) {
        List<String> line = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            line.addAll(List.of("unshare", "-U"));
        }
        line.add(programs().resolve(program).toString());
        line.addAll(List.of(arguments));
        return line;
    }

    /** SQL that the logins are made from; holds passwords. */
    private Path logins() {
        return around.workspace().conf().resolve(NAME).resolve("logins.sql");
    }

    @Override
    public Daemon.Launch launch() {
        SecretFile.write(
                logins(),
                LOGINS.formatted(
                                USER,
                                AIRFLOW,
                                around.credentials().secret(LOGIN),
                                around.credentials().secret(AIRFLOW_LOGIN))
                        .getBytes(StandardCharsets.UTF_8));
        return new Daemon.Launch(
                line(
                        "postgres",
                        "-D",
                        cluster().toString(),
                        "-p",
                        Integer.toString(around.ports().of(Port.POSTGRES)),
                        "-c",
                        "listen_addresses=" + Probe.HOST,
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "shared_buffers=32MB"),
                Map.of(),
                around.workspace().data(NAME),
                around.workspace().log(NAME));
    }

    /** Makes the databases, in a folder aside, so that one that was cut off is made anew; then the logins. */
    @Override
    public void prepare() {
        if (!Files.exists(cluster())) {
            makeCluster();
        }
        Path made = cluster().resolve("logins.sql");
        try {
            if (Files.exists(made) && Files.mismatch(made, logins()) < 0) {
                return;
            }
            // A cluster from before Airflow's database was here does not have it.
            if (single(cluster(), AIRFLOW)
                            .status(
                                    around.workspace().state(),
                                    around.workspace().log(NAME))
                    != 0) {
                execute(cluster(), "postgres", "CREATE DATABASE " + AIRFLOW + ";\n");
            }
            run(single(cluster(), "postgres").input(logins()));
            SecretFile.write(made, Files.readAllBytes(logins()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void makeCluster() {
        Path half = cluster().resolveSibling("half");
        Path password = cluster().resolveSibling("password");
        DownloadCache.delete(half);
        try {
            SecretFile.write(password, around.credentials().secret(LOGIN).getBytes(StandardCharsets.UTF_8));
            run(ExternalCommand.of(line(
                    "initdb",
                    "-D",
                    half.toString(),
                    "-U",
                    USER,
                    "--pwfile",
                    password.toString(),
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C")));
            execute(half, "postgres", "CREATE DATABASE %s;\nCREATE DATABASE %s;\n".formatted(EXAMPLE, AIRFLOW));
            // One statement may take several lines there.
            run(single(half, EXAMPLE, "-j").input(around.file("cli/servers/postgres/shop.sql")));
            Files.delete(password);
            Files.move(half, cluster(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void execute(Path cluster, String database, String statements) throws IOException {
        Path file = cluster.resolveSibling("statements.sql");
        Files.writeString(file, statements);
        run(single(cluster, database).input(file));
        Files.delete(file);
    }

    /** The server's way to run statements on its standard input while it serves nobody; ends at the first fault. */
    private ExternalCommand single(Path cluster, String database, String... options) {
        List<String> arguments = new ArrayList<>(List.of("--single", "-D", cluster.toString()));
        // What it logs of a statement that fails could be a password.
        arguments.addAll(List.of("-c", "exit_on_error=true", "-c", "log_min_error_statement=panic"));
        arguments.addAll(List.of(options));
        arguments.add(database);
        return ExternalCommand.of(line("postgres", arguments.toArray(String[]::new)));
    }

    private void run(ExternalCommand command) {
        command.run(
                around.workspace().state(),
                around.workspace().log(NAME),
                "make PostgreSQL's databases",
                "Is there room on the disk? It does not run as root where unshare -U is refused, as in some containers:"
                        + " there, be another user.");
    }

    @Override
    public List<Path> configuration() {
        return List.of(logins());
    }

    @Override
    public boolean ready() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(Probe.HOST, around.ports().of(Port.POSTGRES)), PATIENCE_MILLIS);
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(TLS_REQUEST);
            return socket.getInputStream().read() == 'N';
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public Map<String, String> addresses() {
        return Map.of("PostgreSQL", "postgresql://" + USER + "@" + address() + "/" + EXAMPLE);
    }

    private String address() {
        return Probe.HOST + ":" + around.ports().of(Port.POSTGRES);
    }

    /** Airflow's database as SQLAlchemy names it, by a driver that serves Airflow's asynchronous side, too. */
    String airflow() {
        return "postgresql+psycopg://%s:%s@%s/%s"
                .formatted(AIRFLOW, around.credentials().secret(AIRFLOW_LOGIN), address(), AIRFLOW);
    }
}
