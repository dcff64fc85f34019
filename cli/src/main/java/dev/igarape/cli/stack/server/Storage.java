package dev.igarape.cli.stack.server;

import dev.igarape.cli.install.DownloadCache;
import dev.igarape.cli.install.Jdk;
import dev.igarape.cli.process.Daemon;
import dev.igarape.cli.stack.config.ConfigTemplate;
import dev.igarape.cli.stack.config.Port;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** HDFS and the Hive Metastore, in one JVM. */
public final class Storage implements Server {
    public static final String NAME = "storage";
    private final StackContext context;

    public Storage(StackContext context) {
        this.context = context;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void install() {
        jars();
    }

    private Path jars() {
        return context.installer().jars(NAME, true).resolve("lib");
    }

    @Override
    public Daemon.Launch launch() {
        Path conf = context.workspace().conf();
        Path data = context.workspace().data(NAME);
        Map<String, String> values = context.values(NAME);
        values.put("METASTORE_JDBC_URL", "jdbc:derby:;databaseName=" + data.resolve("metastore_db") + ";create=true");
        ConfigTemplate.fill(
                context.file("hive").resolve("hive-site.xml"),
                conf.resolve(NAME).resolve("hive-site.xml"),
                values);
        try {
            // Hadoop's web servers refuse to start without these folders on the classpath, empty as they may be.
            Files.createDirectories(conf.resolve(NAME).resolve("webapps/hdfs"));
            Files.createDirectories(conf.resolve(NAME).resolve("webapps/datanode"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Daemon.Launch(
                List.of(
                        Jdk.current().java(),
                        "-Xmx512m",
                        "-Xss512k",
                        "-XX:+UseSerialGC",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "--add-opens=java.base/java.net=ALL-UNNAMED",
                        "--add-opens=java.base/java.nio=ALL-UNNAMED",
                        "--add-opens=java.base/java.util=ALL-UNNAMED",
                        "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
                        "-Dderby.stream.error.file=" + data.resolve("derby.log"),
                        "-Dderby.storage.pageCacheSize=2000",
                        "-cp",
                        conf.resolve(NAME) + ":" + conf.resolve("hadoop") + ":" + jars() + "/*",
                        "dev.igarape.cli.stack.storage.StorageServer"),
                Map.of(),
                data,
                context.workspace().log(NAME));
    }

    /** Deletes a metastore's database whose creation was interrupted, since Derby would refuse it. */
    @Override
    public void prepare() {
        Path database = context.workspace().data(NAME).resolve("metastore_db");
        if (Files.exists(database) && !Files.exists(database.resolve("service.properties"))) {
            DownloadCache.delete(database);
        }
    }

    @Override
    public List<Path> configuration() {
        Path conf = context.workspace().conf();
        return List.of(conf.resolve("hadoop"), conf.resolve(NAME));
    }

    /** The metastore's port opens last. */
    @Override
    public boolean ready() {
        return Probe.listens(context.ports().of(Port.METASTORE));
    }

    @Override
    public Map<String, String> addresses() {
        return Map.of(
                "HDFS", "hdfs://" + Probe.HOST + ":" + context.ports().of(Port.HDFS),
                "HDFS in the browser",
                        "http://" + Probe.HOST + ":" + context.ports().of(Port.HDFS_HTTP),
                "Hive Metastore",
                        "thrift://" + Probe.HOST + ":" + context.ports().of(Port.METASTORE));
    }
}
