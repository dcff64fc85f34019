package dev.igarape.cli.stack.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class TopicReplicasTest {
    private static final List<Integer> BROKERS = List.of(1, 2, 3, 4);

    @Test
    void aPartitionStaysWhereItIsAndGetsOthersBesides() {
        assertThat(TopicReplicas.replicas(List.of(1), BROKERS, 3, 0)).containsExactly(1, 2, 3);
        assertThat(TopicReplicas.replicas(List.of(3), BROKERS, 3, 0)).containsExactly(3, 1, 2);
    }

    @Test
    void partitionsGetDifferentBrokers() {
        assertThat(TopicReplicas.replicas(List.of(1), BROKERS, 2, 1)).containsExactly(1, 2);
        assertThat(TopicReplicas.replicas(List.of(1), BROKERS, 2, 2)).containsExactly(1, 3);
        assertThat(TopicReplicas.replicas(List.of(1), BROKERS, 2, 3)).containsExactly(1, 4);
        assertThat(TopicReplicas.replicas(List.of(1), BROKERS, 2, 4)).containsExactly(1, 2);
    }
}
