package dev.igarape.cli.stack.server;

import dev.igarape.cli.install.Installer;
import dev.igarape.cli.process.Daemon;
import dev.igarape.cli.stack.config.ConfigTemplate;
import dev.igarape.cli.stack.config.Port;
import io.trino.jdbc.TrinoDriver;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A node of Trino: the coordinator, which without workers does their work, too, or a worker. */
public final class Trino implements Server {
    /** Of the coordinator and of the group of nodes. */
    static final String NAME = "trino";

    private static final String WORKER = "trino-worker";
    private static final int JAVA = 24;
    private static final String VERSION = "476";
    private static final List<String> PLUGINS =
            List.of("hive", "delta-lake", "kafka", "postgresql", "geospatial", "tpch");
    /** Plugins that a plugin needs: PostgreSQL's connector uses a type of the geospatial one. */
    private static final Map<String, String> COMPANIONS = Map.of("postgresql", "geospatial");

    private final StackContext context;
    /** 0: the coordinator. */
    private final int worker;

    private Trino(StackContext context, int worker) {
        this.context = context;
        this.worker = worker;
    }

    /** The servers of a stack's profile. */
    public static List<Server> of(StackContext context) {
        return IntStream.rangeClosed(0, context.profile().trinoWorkers())
                .<Server>mapToObj(worker -> new Trino(context, worker))
                .toList();
    }

    @Override
    public String name() {
        return worker == 0 ? NAME : WORKER + "-" + worker;
    }

    @Override
    public String group() {
        return NAME;
    }

    @Override
    public void install() {
        distribution();
        context.installer().jdk(JAVA);
    }

    private Path distribution() {
        return context.installer().archive(NAME, String.join(",", PLUGINS), folder -> {
            Installer.unwrap(folder, "trino-server-" + VERSION);
            Installer.keepOnly(folder, List.of("lib", "plugin"));
            Installer.keepOnly(folder.resolve("plugin"), PLUGINS);
        });
    }

    @Override
    public Daemon.Launch launch() {
        Path conf = context.workspace().conf().resolve(name());
        Path data = context.workspace().data(name());
        Map<String, String> values = context.values(name());
        ConfigTemplate.fillAll(context.file("trino"), conf, values);
        if (worker > 0) {
            values.put("TRINO_NODE", name());
            values.put("TRINO_WORKER_HOST", Probe.HOST);
            values.put("TRINO_WORKER_PORT", Integer.toString(port()));
            ConfigTemplate.fill(
                    context.file("cli/servers/trino/worker.properties"), conf.resolve("config.properties"), values);
        }
        Path plugins = usedPlugins(distribution(), conf.resolve("catalog"));
        List<String> command = new ArrayList<>();
        command.add(context.installer().jdk(JAVA).java());
        try (Stream<String> lines = Files.lines(conf.resolve("jvm.config"))) {
            lines.map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .forEach(command::add);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        command.addAll(List.of(
                "-Dplugin.dir=" + plugins,
                "-Dconfig=" + conf.resolve("config.properties"),
                "-Dlog.levels-file=" + conf.resolve("log.properties"),
                "-Dnode.environment=local",
                "-Dnode.id=" + (worker == 0 ? "local" : name()),
                "-Dnode.data-dir=" + data,
                "-cp",
                distribution().resolve("lib") + "/*",
                "io.trino.server.TrinoServer"));
        Map<String, String> variables =
                Map.of("POSTGRES_PASSWORD", context.credentials().secret(Postgres.LOGIN));
        return new Daemon.Launch(command, variables, data, context.workspace().log(name()));
    }

    private int port() {
        return worker == 0 ? context.ports().of(Port.TRINO) : context.ports().of(Port.TRINO_WORKER, worker);
    }

    /** A folder with just the plugins that the catalogs use, since each one that is loaded costs time and memory. */
    private static Path usedPlugins(Path distribution, Path catalogs) {
        Path links = catalogs.resolveSibling("plugin");
        try (Stream<Path> files = Files.list(catalogs)) {
            Files.createDirectories(links);
            for (Path catalog : files.toList()) {
                Properties properties = new Properties();
                try (InputStream in = Files.newInputStream(catalog)) {
                    properties.load(in);
                }
                String plugin = properties.getProperty("connector.name").replace('_', '-');
                link(links, distribution, plugin);
                if (COMPANIONS.containsKey(plugin)) {
                    link(links, distribution, COMPANIONS.get(plugin));
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return links;
    }

    private static void link(Path links, Path distribution, String plugin) throws IOException {
        Path link = links.resolve(plugin);
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, distribution.resolve("plugin").resolve(plugin));
    }

    @Override
    public List<Path> configuration() {
        Path conf = context.workspace().conf();
        return List.of(
                conf.resolve(name()).resolve("catalog"),
                conf.resolve(name()).resolve("config.properties"),
                conf.resolve("hadoop"));
    }

    @Override
    public boolean ready() {
        return Probe.get(port(), "/v1/info")
                        .filter(body -> body.contains("\"starting\":false"))
                        .isPresent()
                && (worker > 0 || answers());
    }

    /**
     * Up to five seconds after its start a coordinator knows no node for its catalogs and fails queries of them, though
     * queries without a catalog work (trinodb/trino#12706). It learns of all catalogs at once, so one that needs no other
     * server can speak for them.
     */
    private boolean answers() {
        Properties properties = new Properties();
        properties.setProperty("user", "lake");
        String url = "jdbc:trino://" + Probe.HOST + ":" + context.ports().of(Port.TRINO);
        try (Connection connection = new TrinoDriver().connect(url, properties);
                Statement statement = connection.createStatement()) {
            // The columns alone would come before a node is needed, hence a row.
            return statement
                    .executeQuery("SELECT count(*) FROM tpch.tiny.region")
                    .next();
        } catch (SQLException e) {
            return false;
        }
    }

    @Override
    public Map<String, String> addresses() {
        if (worker > 0) {
            return Map.of("Trino worker", "http://" + Probe.HOST + ":" + port());
        }
        return Map.of(
                "Trino",
                "http://" + Probe.HOST + ":" + context.ports().of(Port.TRINO) + " (any user name, no password)");
    }
}
