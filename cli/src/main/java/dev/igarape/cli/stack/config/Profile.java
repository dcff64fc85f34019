package dev.igarape.cli.stack.config;

import com.fasterxml.jackson.annotation.JsonIgnore;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What a stack consists of: one server of each kind, or a cluster, with several nodes of some.
 *
 * @param name as {@code ./lake up --profile} has it
 * @param nameNodes 2: one stands by for the other, and HDFS is called by the name of a nameservice
 * @param sparkWorkers 0: tasks run in the driver
 * @param trinoWorkers 0: Trino's coordinator does the work, too
 * @param nodeManagers 0: there is no YARN
 */
public record Profile(
        String name, int nameNodes, int dataNodes, int brokers, int sparkWorkers, int trinoWorkers, int nodeManagers) {
    /** The profile of a stack that was started without naming one. */
    public static final Profile LOCAL = new Profile("local", 1, 1, 1, 0, 0, 0);

    public static final Profile CLUSTER = new Profile("cluster", 1, 3, 3, 2, 1, 0);

    private static final long GIGABYTE = 1L << 30;
    private static final int REPLICAS_OF_BLOCKS = 2;
    private static final int REPLICAS_OF_TOPICS = 3;
    private static final int JOURNAL_NODES = 3;

    /** The numbers of nodes, by what {@code ./lake up --nodes} calls them. */
    private static final Map<String, ToIntFunction<Profile>> NODES = new TreeMap<>(Map.of(
            "datanode", Profile::dataNodes,
            "kafka", Profile::brokers,
            "namenode", Profile::nameNodes,
            "nodemanager", Profile::nodeManagers,
            "spark-worker", Profile::sparkWorkers,
            "trino-worker", Profile::trinoWorkers));

    /** A profile that was kept when no stack could have two NameNodes has one. */
    public Profile {
        nameNodes = Math.max(1, nameNodes);
    }

    /** The profile of a name; a LakeException (USAGE) if there is none. */
    public static Profile named(String name) {
        return Stream.of(LOCAL, CLUSTER)
                .filter(profile -> profile.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new LakeException(
                        ExitCode.USAGE, "No profile is called '%s'. There are: local, cluster.".formatted(name)));
    }

    /**
     * The same with other numbers of nodes.
     *
     * @param nodes by what they are called: {@code datanode}, {@code kafka}, {@code namenode}, {@code nodemanager}, {@code
     *     spark-worker}, {@code trino-worker}
     * @throws LakeException (USAGE) if there is no such node, a number is below 1 or there are more than two NameNodes, or the
     *     profile has one node of each
     */
    public Profile with(Map<String, Integer> nodes) {
        if (nodes.isEmpty()) {
            return this;
        }
        if (!isCluster()) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "The profile local has one node of each server. Give --nodes with --profile cluster, or leave it out.");
        }
        nodes.forEach((node, number) -> {
            if (!NODES.containsKey(node)) {
                throw new LakeException(
                        ExitCode.USAGE,
                        "--nodes: there is no node called '%s'. There are: %s."
                                .formatted(node, String.join(", ", NODES.keySet())));
            }
            if (number < 1) {
                throw new LakeException(
                        ExitCode.USAGE, "--nodes: %d of %s. A cluster has 1 or more.".formatted(number, node));
            }
        });
        if (nodes.getOrDefault("namenode", nameNodes) > 2) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "--nodes: %d of namenode. HDFS has 1, or 2 of which one stands by."
                            .formatted(nodes.get("namenode")));
        }
        return new Profile(
                name,
                nodes.getOrDefault("namenode", nameNodes),
                nodes.getOrDefault("datanode", dataNodes),
                nodes.getOrDefault("kafka", brokers),
                nodes.getOrDefault("spark-worker", sparkWorkers),
                nodes.getOrDefault("trino-worker", trinoWorkers),
                nodes.getOrDefault("nodemanager", nodeManagers));
    }

    /** Whether each node is a process of its own and Spark's tasks run on workers. */
    @JsonIgnore
    public boolean isCluster() {
        return sparkWorkers > 0;
    }

    /** Whether a stack of this profile could go on with the data of one of that profile: it has no fewer nodes. */
    public boolean holds(Profile other) {
        return NODES.values().stream().allMatch(number -> number.applyAsInt(this) >= number.applyAsInt(other));
    }

    int sparkMasters() {
        return isCluster() ? 1 : 0;
    }

    /** Whether a second NameNode stands by for the first. */
    public boolean hasStandby() {
        return nameNodes > 1;
    }

    /** How many nodes keep what NameNodes log, for each other to read. */
    public int journalNodes() {
        return hasStandby() ? JOURNAL_NODES : 0;
    }

    int failoverControllers() {
        return hasStandby() ? nameNodes : 0;
    }

    int zooKeepers() {
        return hasStandby() ? 1 : 0;
    }

    int resourceManagers() {
        return Math.min(1, nodeManagers);
    }

    /** On how many DataNodes each block is. */
    public int replicasOfBlocks() {
        return Math.min(REPLICAS_OF_BLOCKS, dataNodes);
    }

    /** On how many brokers each partition of a topic is. */
    public int replicasOfTopics() {
        return Math.min(REPLICAS_OF_TOPICS, brokers);
    }

    /** On how many brokers a record must be before it is acknowledged: on a majority of its replicas. */
    public int replicasInSync() {
        return replicasOfTopics() / 2 + 1;
    }

    /** The most memory that the stack and one Spark application use; on each node of YARN another application. */
    public long memoryBytes() {
        return ((isCluster() ? 14 : 7) + (hasStandby() ? 1 : 0) + 4L * nodeManagers) * GIGABYTE;
    }

    /** The ports of all its nodes. */
    public List<NodePort> ports() {
        return Arrays.stream(Port.values())
                .flatMap(port -> IntStream.rangeClosed(1, port.nodes(this)).mapToObj(node -> new NodePort(port, node)))
                .toList();
    }

    @Override
    public String toString() {
        return isCluster()
                ? NODES.entrySet().stream()
                        .filter(node -> node.getValue().applyAsInt(this) > 0)
                        .map(node -> node.getKey() + "=" + node.getValue().applyAsInt(this))
                        .collect(Collectors.joining(", ", name + " (", ")"))
                : name;
    }
}
