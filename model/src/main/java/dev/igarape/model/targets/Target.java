package dev.igarape.model.targets;

import dev.igarape.model.Layer;
import dev.igarape.model.TableName;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An environment in which a project runs: endpoints, and a prefix for its databases and folders. Written as JSON by the
 * local stack, or by hand for a cluster.
 *
 * @param prefix put before database and folder names, e.g. {@code dev_}; empty for production
 * @param hdfs file system URI, e.g. {@code hdfs://namenode:8020}
 * @param root folder of the lake on that file system, e.g. {@code /lake}
 * @param metastore {@code thrift://host:port}
 * @param kafka client properties, at least {@code bootstrap.servers}
 * @param registry registry client properties, at least {@code schema.registry.url}
 * @param trino JDBC URL with the catalog, e.g. {@code jdbc:trino://host:8080/lake}
 * @param variables values of {@code ${NAME}} in definitions; the environment comes second
 * @param landing limits of the tasks that land topics; empty: {@link LandingLimits#DEFAULT}
 * @param hadoop settings of HDFS's clients, such as the NameNodes of a nameservice; they come on top of what the machine's
 *     {@code HADOOP_CONF_DIR} says; empty: none
 * @param kerberos who submitted runs are, where the cluster asks; empty: it does not, or whoever submits has a ticket
 */
public record Target(
        String name,
        String prefix,
        String hdfs,
        String root,
        String metastore,
        Map<String, String> kafka,
        Map<String, String> registry,
        String trino,
        String trinoUser,
        Map<String, String> variables,
        Optional<LandingLimits> landing,
        Optional<Map<String, String>> hadoop,
        Optional<Kerberos> kerberos) {
    public Target {
        kafka = ordered(kafka);
        registry = ordered(registry);
        variables = ordered(variables);
        hadoop = hadoop.map(Target::ordered);
    }

    /** A target whose clients of HDFS need no settings of their own, without Kerberos. */
    public Target(
            String name,
            String prefix,
            String hdfs,
            String root,
            String metastore,
            Map<String, String> kafka,
            Map<String, String> registry,
            String trino,
            String trinoUser,
            Map<String, String> variables,
            Optional<LandingLimits> landing) {
        this(
                name,
                prefix,
                hdfs,
                root,
                metastore,
                kafka,
                registry,
                trino,
                trinoUser,
                variables,
                landing,
                Optional.empty(),
                Optional.empty());
    }

    /** Likewise, with the default landing limits. */
    public Target(
            String name,
            String prefix,
            String hdfs,
            String root,
            String metastore,
            Map<String, String> kafka,
            Map<String, String> registry,
            String trino,
            String trinoUser,
            Map<String, String> variables) {
        this(name, prefix, hdfs, root, metastore, kafka, registry, trino, trinoUser, variables, Optional.empty());
    }

    /**
     * A scratch target on the same servers, with the same variables and limits, whose databases and files are its own.
     *
     * @param prefix replaces this target's
     * @param folder below this target's root
     */
    public Target isolated(String name, String prefix, String folder) {
        return new Target(
                name,
                prefix,
                hdfs,
                root + "/" + folder,
                metastore,
                kafka,
                registry,
                trino,
                trinoUser,
                variables,
                landing,
                hadoop,
                kerberos);
    }

    /** The settings of HDFS's clients; empty where there are none. */
    public Map<String, String> hadoopSettings() {
        return hadoop.orElse(Map.of());
    }

    private static Map<String, String> ordered(Map<String, String> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    /** The Hive database and Trino schema of a layer on this target. */
    public String database(Layer layer) {
        return prefix + layer;
    }

    /** The table's folder, without a trailing slash. */
    public String folder(TableName table) {
        return hdfs + root + "/" + prefix + table.layer() + "/" + table.name();
    }

    /** The folder of the table's ledger, without a trailing slash. */
    public String ledgerFolder(TableName table) {
        return hdfs + root + "/_ledger/" + prefix + table;
    }
}
