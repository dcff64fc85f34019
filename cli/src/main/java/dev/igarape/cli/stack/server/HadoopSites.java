package dev.igarape.cli.stack.server;

import dev.igarape.cli.stack.config.ConfigTemplate;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** {@code core-site.xml} and {@code hdfs-site.xml}, which every server and client of HDFS reads. */
public final class HadoopSites {
    private HadoopSites() {}

    /**
     * Writes the files.
     *
     * @param values what the {@code ${NAME}}s in them stand for
     */
    public static void write(StackContext context, Path folder, Map<String, String> values) {
        for (String site : List.of("core-site.xml", "hdfs-site.xml")) {
            ConfigTemplate.fill(context.file("hive").resolve(site), folder.resolve(site), values);
        }
    }
}
