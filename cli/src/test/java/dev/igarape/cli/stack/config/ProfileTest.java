package dev.igarape.cli.stack.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.cli.base.Workspace;
import dev.igarape.model.error.LakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ProfileTest {
    @TempDir
    private Path folder;

    private Workspace workspace() {
        return new Workspace(folder, folder.resolve("state"), folder.resolve("cache"));
    }

    @Test
    void aClusterHasSeveralCopiesOfEverything() {
        assertThat(Profile.CLUSTER.replicasOfBlocks()).isEqualTo(2);
        assertThat(Profile.CLUSTER.replicasOfTopics()).isEqualTo(3);
        assertThat(Profile.CLUSTER.replicasInSync()).isEqualTo(2);
        assertThat(Profile.LOCAL.replicasOfBlocks()).isEqualTo(1);
        assertThat(Profile.LOCAL.replicasOfTopics()).isEqualTo(1);
        assertThat(Profile.LOCAL.replicasInSync()).isEqualTo(1);
    }

    @Test
    void aSmallClusterHasNoMoreCopiesThanNodes() {
        Profile small = Profile.CLUSTER.with(Map.of("datanode", 1, "kafka", 1, "spark-worker", 1));
        assertThat(small.replicasOfBlocks()).isEqualTo(1);
        assertThat(small.replicasOfTopics()).isEqualTo(1);
        assertThat(small.replicasInSync()).isEqualTo(1);
        assertThat(small.isCluster()).isTrue();
    }

    @Test
    void yarnIsThereWhereItHasNodes() {
        assertThat(Profile.CLUSTER.ports())
                .noneMatch(port -> port.port().group().equals("yarn"));
        Profile yarn = Profile.CLUSTER.with(Map.of("nodemanager", 2));
        assertThat(yarn.ports())
                .filteredOn(port -> port.port() == Port.YARN)
                .containsExactly(new NodePort(Port.YARN, 1));
        assertThat(yarn.ports())
                .filteredOn(port -> port.port() == Port.NODEMANAGER)
                .containsExactly(new NodePort(Port.NODEMANAGER, 1), new NodePort(Port.NODEMANAGER, 2));
        assertThat(yarn)
                .hasToString(
                        "cluster (datanode=3, kafka=3, namenode=1, nodemanager=2, spark-worker=2, trino-worker=1)");
        assertThat(yarn.memoryBytes()).isGreaterThan(Profile.CLUSTER.memoryBytes());
        assertThat(yarn.holds(Profile.CLUSTER)).isTrue();
        assertThat(Profile.CLUSTER.holds(yarn)).isFalse();
    }

    @Test
    void aSecondNameNodeBringsWhatItNeedsToStandBy() {
        Profile two = Profile.CLUSTER.with(Map.of("namenode", 2));
        assertThat(two.hasStandby()).isTrue();
        assertThat(two.ports())
                .contains(
                        new NodePort(Port.HDFS, 2),
                        new NodePort(Port.HDFS_HTTP, 2),
                        new NodePort(Port.FAILOVER_CONTROLLER, 2),
                        new NodePort(Port.JOURNALNODE, 3),
                        new NodePort(Port.ZOOKEEPER, 1));
        assertThat(Profile.CLUSTER.hasStandby()).isFalse();
        assertThat(Profile.CLUSTER.ports())
                .extracting(NodePort::port)
                .doesNotContain(Port.FAILOVER_CONTROLLER, Port.JOURNALNODE, Port.ZOOKEEPER);
        assertThatThrownBy(() -> Profile.CLUSTER.with(Map.of("namenode", 3)))
                .isInstanceOf(LakeException.class)
                .hasMessage("--nodes: 3 of namenode. HDFS has 1, or 2 of which one stands by.");
    }

    @Test
    void aProfileOfBeforeHasOneNameNode() throws Exception {
        Files.createDirectories(workspace().state());
        Files.writeString(
                workspace().profile(),
                "{\"profile\": {\"name\": \"cluster\", \"data_nodes\": 3, \"brokers\": 3, \"spark_workers\": 2,"
                        + " \"trino_workers\": 1}, \"growing\": false}");
        assertThat(ProfileFile.read(workspace()).profile()).isEqualTo(Profile.CLUSTER);
    }

    @Test
    void refusesNodesThatThereAreNot() {
        assertThatThrownBy(() -> Profile.named("big"))
                .isInstanceOf(LakeException.class)
                .hasMessage("No profile is called 'big'. There are: local, cluster.");
        assertThatThrownBy(() -> Profile.CLUSTER.with(Map.of("zookeeper", 3)))
                .hasMessage(
                        "--nodes: there is no node called 'zookeeper'. There are: datanode, kafka, namenode, nodemanager, spark-worker, trino-worker.");
        assertThatThrownBy(() -> Profile.CLUSTER.with(Map.of("kafka", 0)))
                .hasMessage("--nodes: 0 of kafka. A cluster has 1 or more.");
        assertThatThrownBy(() -> Profile.LOCAL.with(Map.of("kafka", 3)))
                .hasMessageContaining("Give --nodes with --profile cluster");
    }

    @Test
    void aStackKeepsTheProfileThatItWasStartedWith() {
        assertThat(ProfileFile.read(workspace()).profile()).isEqualTo(Profile.LOCAL);
        Profile chosen = Profile.CLUSTER.with(Map.of("datanode", 2));
        ProfileFile.read(workspace()).change(chosen, false, false);
        ProfileFile kept = ProfileFile.read(workspace());
        assertThat(kept.profile()).isEqualTo(chosen);
        assertThat(kept.isGrowing()).isFalse();
        assertThat(kept.change(chosen, true, false)).isSameAs(kept);
    }

    @Test
    void dataMoveToMoreNodesWhenAskedTo() {
        ProfileFile local = ProfileFile.read(workspace());
        assertThatThrownBy(() -> local.change(Profile.CLUSTER, true, false))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("This stack has the profile local")
                .hasMessageContaining("./lake down, then this command again with --move");
        assertThat(ProfileFile.read(workspace()).profile()).isEqualTo(Profile.LOCAL);

        local.change(Profile.CLUSTER, true, true);
        assertThat(ProfileFile.read(workspace()).isGrowing()).isTrue();
        ProfileFile.read(workspace()).grown();
        assertThat(ProfileFile.read(workspace()).isGrowing()).isFalse();
        assertThat(ProfileFile.read(workspace()).profile()).isEqualTo(Profile.CLUSTER);
    }

    @Test
    void dataDoNotMoveToFewerNodes() {
        ProfileFile cluster = ProfileFile.read(workspace()).change(Profile.CLUSTER, false, false);
        assertThatThrownBy(() -> cluster.change(Profile.LOCAL, true, true))
                .hasMessageContaining("local has fewer nodes than its data are on");
        assertThatThrownBy(() -> cluster.change(Profile.CLUSTER.with(Map.of("datanode", 2)), true, true))
                .hasMessageContaining("LAKE_STATE=DIR ./lake up --profile cluster");
    }

    @Test
    void aBrokenFileSaysHowToGoOn() throws Exception {
        Files.createDirectories(workspace().state());
        Files.writeString(workspace().profile(), "{");
        assertThatThrownBy(() -> ProfileFile.read(workspace()))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("Cannot read " + workspace().profile())
                .hasMessageContaining("./lake up --profile NAME --move");
    }
}
