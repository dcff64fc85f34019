package dev.igarape.cli.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.cli.base.Workspace;
import dev.igarape.cli.install.Installer;
import dev.igarape.cli.stack.config.Credentials;
import dev.igarape.cli.stack.config.Ports;
import dev.igarape.cli.stack.config.Profile;
import dev.igarape.cli.stack.server.Server;
import dev.igarape.cli.stack.server.StackContext;
import dev.igarape.model.error.LakeException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServersTest {
    @TempDir
    private Path folder;

    private Servers of(Profile profile) {
        Workspace workspace = new Workspace(folder, folder.resolve("state"), folder.resolve("cache"));
        return Servers.of(new StackContext(
                workspace,
                profile,
                Ports.load(folder.resolve("ports.json")),
                Credentials.load(folder.resolve("credentials.json")),
                new Installer(workspace, Map.of(), line -> {})));
    }

    private static List<String> names(List<Server> servers) {
        return servers.stream().map(Server::name).toList();
    }

    @Test
    void theLocalProfileHasOneServerOfEachKind() {
        assertThat(of(Profile.LOCAL).names())
                .containsExactly(
                        "storage",
                        "kafka",
                        "registry",
                        "postgres",
                        "trino",
                        "api",
                        "connect",
                        "airflow",
                        "sqlpad",
                        "history",
                        "live");
    }

    @Test
    void inAClusterEachNodeIsAServer() {
        assertThat(of(Profile.CLUSTER).names())
                .startsWith(
                        "namenode",
                        "datanode-1",
                        "datanode-2",
                        "datanode-3",
                        "metastore",
                        "kafka-1",
                        "kafka-2",
                        "kafka-3",
                        "registry",
                        "postgres",
                        "trino",
                        "trino-worker-1",
                        "spark-master",
                        "spark-worker-1",
                        "spark-worker-2",
                        "api");
    }

    @Test
    void whatIsOneServerLocallyNamesAllItsNodes() {
        Servers cluster = of(Profile.CLUSTER);
        assertThat(names(cluster.select(Set.of("storage"))))
                .containsExactly("namenode", "datanode-1", "datanode-2", "datanode-3", "metastore");
        assertThat(names(cluster.select(Set.of("api"))))
                .containsExactly("kafka-1", "kafka-2", "kafka-3", "registry", "api");
    }

    @Test
    void aNodeIsNamedAloneAndBringsWhatItNeeds() {
        Servers cluster = of(Profile.CLUSTER);
        assertThat(names(cluster.select(Set.of("datanode-2")))).containsExactly("namenode", "datanode-2");
        assertThat(names(cluster.select(Set.of("kafka-3")))).containsExactly("kafka-1", "kafka-3");
        assertThat(names(cluster.select(Set.of("spark-worker-1")))).containsExactly("spark-master", "spark-worker-1");
    }

    @Test
    void aNameNodeThatStandsByComesWithJournalsAndElections() {
        Servers cluster = of(Profile.CLUSTER.with(Map.of("namenode", 2, "datanode", 1)));
        assertThat(names(cluster.select(Set.of("storage"))))
                .containsExactly(
                        "zookeeper",
                        "journalnode-1",
                        "journalnode-2",
                        "journalnode-3",
                        "namenode",
                        "namenode-2",
                        "datanode-1",
                        "metastore");
        assertThat(names(cluster.select(Set.of("namenode-2"))))
                .containsExactly(
                        "zookeeper", "journalnode-1", "journalnode-2", "journalnode-3", "namenode", "namenode-2");
    }

    @Test
    void yarnIsThereWhereItHasNodes() {
        Servers cluster = of(Profile.CLUSTER.with(Map.of("nodemanager", 2)));
        assertThat(cluster.names()).containsSubsequence("spark-worker-2", "resourcemanager", "nodemanager-1", "api");
        assertThat(names(cluster.select(Set.of("yarn"))))
                .containsExactly("resourcemanager", "nodemanager-1", "nodemanager-2");
        assertThat(names(cluster.select(Set.of("nodemanager-2")))).containsExactly("resourcemanager", "nodemanager-2");
    }

    @Test
    void refusesWhatNoServerIsCalled() {
        assertThatThrownBy(() -> of(Profile.LOCAL).select(Set.of("kafka-2")))
                .isInstanceOf(LakeException.class)
                .hasMessageStartingWith("No server is called kafka-2. There are: storage, kafka,");
        assertThatThrownBy(() -> of(Profile.CLUSTER).select(Set.of("live")))
                .hasMessage("./lake up does not start live. Run: ./lake live start");
    }
}
