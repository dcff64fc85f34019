package dev.igarape.cli.stack;

import dev.igarape.cli.install.Cache;
import dev.igarape.cli.process.Command;
import dev.igarape.cli.process.Daemon;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** PostgreSQL with a small table, to try queries over lake and database with; started only when named. */
final class Postgres implements Server {
    static final String NAME = "postgres";
    static final String LOGIN = NAME + "/lake";
    private static final String USER = "lake";
    private static final String DATABASE = "shop";
    private static final int PATIENCE_MILLIS = 2000;
    /** Asks for TLS, which the server refuses with one letter: nothing else on this port would. */
    private static final byte[] TLS_REQUEST = {0, 0, 0, 8, 4, (byte) 0xd2, 0x16, 0x2f};

    private final Surroundings around;

    Postgres(Surroundings around) {
        this.around = around;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public boolean optional() {
        return true;
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

    @Override
    public Daemon.Launch launch() {
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
                        "shared_buffers=32MB",
                        "-c",
                        "max_connections=20"),
                Map.of(),
                around.workspace().data(NAME),
                around.workspace().log(NAME));
    }

    /** Makes the database, in a folder aside, so that one that was cut off is made anew. */
    @Override
    public void prepare() {
        if (Files.exists(cluster())) {
            return;
        }
        Path half = cluster().resolveSibling("half");
        Path password = cluster().resolveSibling("password");
        Path database = cluster().resolveSibling("database.sql");
        Cache.delete(half);
        try {
            Files.createDirectories(half.getParent());
            Files.writeString(password, around.credentials().secret(LOGIN));
            Files.writeString(database, "CREATE DATABASE " + DATABASE + ";\n");
            run(Command.of(line(
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
            run(Command.of(line("postgres", "--single", "-D", half.toString(), "postgres"))
                    .input(database));
            run(Command.of(line("postgres", "--single", "-j", "-D", half.toString(), DATABASE))
                    .input(around.file("cli/servers/postgres/shop.sql")));
            Files.delete(password);
            Files.delete(database);
            Files.move(half, cluster(), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(Command command) {
        command.run(
                around.workspace().state(),
                around.workspace().log(NAME),
                "make PostgreSQL's database",
                "Is there room on the disk?");
    }

    @Override
    public List<Path> configuration() {
        return List.of();
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
        return Map.of(
                "PostgreSQL",
                "postgresql://" + USER + "@" + Probe.HOST + ":" + around.ports().of(Port.POSTGRES) + "/" + DATABASE);
    }
}
