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
 * PostgreSQL: Airflow's database, and one with a small table to join the lake's tables with.
 */
public final class Postgres implements Server {
    static final String NAME = "postgres";
    static final String LOGIN = NAME + "/lake";
    /** What connectors read changes from; with a connector's slot, no other level starts, single-user mode included. */
    private static final String WAL_LEVEL = "wal_level=logical";

    private static final String USER = "lake";
    private static final String EXAMPLE = "shop";
    private static final String AIRFLOW = "airflow";
    private static final String AIRFLOW_LOGIN = NAME + "/" + AIRFLOW;
    private static final int TIMEOUT_MILLIS = 2000;
    /** Asks for TLS, which the server refuses with one letter: nothing else on this port would. */
    private static final byte[] TLS_REQUEST = {0, 0, 0, 8, 4, (byte) 0xd2, 0x16, 0x2f};
    /** Each line is a statement. The passwords are those of {@code credentials.json}, even if that was made anew. */
    private static final String LOGINS = """
            DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%2$s') THEN CREATE ROLE %2$s; END IF; END $$;
            ALTER ROLE %1$s LOGIN PASSWORD '%3$s';
            ALTER ROLE %2$s LOGIN PASSWORD '%4$s';
            ALTER DATABASE %2$s OWNER TO %2$s;
            """;

    private final StackContext context;

    public Postgres(StackContext context) {
        this.context = context;
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
        return context.installer().archive(NAME, "", folder -> {}).resolve("bin");
    }

    private Path cluster() {
        return context.workspace().data(NAME).resolve("cluster");
    }

    /** The command line of one of its programs. They refuse to run as root, which a user namespace hides. */
    private List<String> line(String program, String... arguments) {
        List<String> line = new ArrayList<>();
        if (System.getProperty("user.name").equals("root")) {
            line.addAll(List.of("unshare", "-U"));
        }
        line.add(programs().resolve(program).toString());
        line.addAll(List.of(arguments));
        return line;
    }

    /** The SQL that creates the logins; it holds passwords. */
    private Path logins() {
        return context.workspace().conf().resolve(NAME).resolve("logins.sql");
    }

    @Override
    public Daemon.Launch launch() {
        SecretFile.write(
                logins(),
                LOGINS.formatted(
                                USER,
                                AIRFLOW,
                                context.credentials().secret(LOGIN),
                                context.credentials().secret(AIRFLOW_LOGIN))
                        .getBytes(StandardCharsets.UTF_8));
        return new Daemon.Launch(
                line(
                        "postgres",
                        "-D",
                        cluster().toString(),
                        "-p",
                        Integer.toString(context.ports().of(Port.POSTGRES)),
                        "-c",
                        "listen_addresses=" + Probe.HOST,
                        "-c",
                        "unix_socket_directories=",
                        "-c",
                        "shared_buffers=32MB",
                        "-c",
                        WAL_LEVEL),
                Map.of(),
                context.workspace().data(NAME),
                context.workspace().log(NAME));
    }

    /** Creates the databases, in a temporary folder, so that an interrupted creation is repeated; then the logins. */
    @Override
    public void prepare() {
        if (!Files.exists(cluster())) {
            makeCluster();
        }
        Path applied = cluster().resolve("logins.sql");
        try {
            if (Files.exists(applied) && Files.mismatch(applied, logins()) < 0) {
                return;
            }
            // A cluster from before Airflow's database was here does not have it.
            if (single(cluster(), AIRFLOW)
                            .status(
                                    context.workspace().state(),
                                    context.workspace().log(NAME))
                    != 0) {
                execute(cluster(), "postgres", "CREATE DATABASE " + AIRFLOW + ";\n");
            }
            run(single(cluster(), "postgres").input(logins()));
            SecretFile.write(applied, Files.readAllBytes(logins()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void makeCluster() {
        Path temporary = cluster().resolveSibling("half");
        Path password = cluster().resolveSibling("password");
        DownloadCache.delete(temporary);
        try {
            SecretFile.write(password, context.credentials().secret(LOGIN).getBytes(StandardCharsets.UTF_8));
            run(ExternalCommand.of(line(
                    "initdb",
                    "-D",
                    temporary.toString(),
                    "-U",
                    USER,
                    "--pwfile",
                    password.toString(),
                    "--auth=scram-sha-256",
                    "--encoding=UTF8",
                    "--locale=C")));
            execute(temporary, "postgres", "CREATE DATABASE %s;\nCREATE DATABASE %s;\n".formatted(EXAMPLE, AIRFLOW));
            // One statement may take several lines there.
            run(single(temporary, EXAMPLE, "-j").input(context.file("cli/servers/postgres/shop.sql")));
            Files.delete(password);
            Files.move(temporary, cluster(), StandardCopyOption.ATOMIC_MOVE);
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

    /** Single-user mode: runs the statements on standard input without serving clients; exits at the first error. */
    private ExternalCommand single(Path cluster, String database, String... options) {
        List<String> arguments = new ArrayList<>(List.of("--single", "-D", cluster.toString()));
        // What it logs of a statement that fails could be a password.
        arguments.addAll(List.of("-c", "exit_on_error=true", "-c", "log_min_error_statement=panic", "-c", WAL_LEVEL));
        arguments.addAll(List.of(options));
        arguments.add(database);
        return ExternalCommand.of(line("postgres", arguments.toArray(String[]::new)));
    }

    private void run(ExternalCommand command) {
        command.run(
                context.workspace().state(),
                context.workspace().log(NAME),
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
            socket.connect(new InetSocketAddress(Probe.HOST, context.ports().of(Port.POSTGRES)), TIMEOUT_MILLIS);
            socket.setSoTimeout(TIMEOUT_MILLIS);
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

    /** Where and as whom to log in, under names for other programs' configuration. */
    public Map<String, String> values() {
        return Map.of(
                "STACK_POSTGRES_HOST",
                Probe.HOST,
                "STACK_POSTGRES_PORT",
                Integer.toString(context.ports().of(Port.POSTGRES)),
                "STACK_POSTGRES_USER",
                USER,
                "STACK_POSTGRES_PASSWORD",
                context.credentials().secret(LOGIN));
    }

    private String address() {
        return Probe.HOST + ":" + context.ports().of(Port.POSTGRES);
    }

    /** Airflow's database as SQLAlchemy names it, by a driver that serves Airflow's asynchronous side, too. */
    String airflow() {
        return "postgresql+psycopg://%s:%s@%s/%s"
                .formatted(AIRFLOW, context.credentials().secret(AIRFLOW_LOGIN), address(), AIRFLOW);
    }
}
