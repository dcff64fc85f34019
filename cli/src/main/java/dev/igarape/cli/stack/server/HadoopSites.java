package dev.igarape.cli.stack.server;

import dev.igarape.cli.stack.config.ConfigTemplate;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** {@code core-site.xml} and {@code hdfs-site.xml}, which every server and client of HDFS reads. */
public final class HadoopSites {
    private HadoopSites() {}

    /**
     * Writes the files of a client.
     *
     * @param values what the {@code ${NAME}}s in them stand for
     */
    public static void write(StackContext context, Path folder, Map<String, String> values) {
        write(context, folder, values, Map.of());
    }

    /**
     * Writes the files of a server.
     *
     * @param more properties of its own for {@code hdfs-site.xml}
     */
    static void write(StackContext context, Path folder, Map<String, String> values, Map<String, String> more) {
        ConfigTemplate.fill(context.file("hive/core-site.xml"), folder.resolve("core-site.xml"), values);
        Map<String, String> properties = new TreeMap<>(NameService.ofClients(context.profile(), context.ports()));
        properties.putAll(more);
        ConfigTemplate.fillSite(
                context.file("hive/hdfs-site.xml"), folder.resolve("hdfs-site.xml"), values, properties);
    }
}
