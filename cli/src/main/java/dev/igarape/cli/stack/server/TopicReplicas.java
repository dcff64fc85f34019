package dev.igarape.cli.stack.server;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;

/** Gives topics replicas on brokers that came after them. */
final class TopicReplicas {
    private static final Duration TIMEOUT = Duration.ofMinutes(10);
    private static final long POLL_MILLIS = 500;

    private TopicReplicas() {}

    /**
     * Gives each partition that has fewer replicas as many as these, internal topics too, and returns when they have caught
     * up. Nothing is taken from the brokers that have it.
     *
     * @param wanted no more than there are brokers
     * @param inSync how many of them acknowledge a record
     * @throws LakeException (UNAVAILABLE) if brokers do not answer, or replicas have not caught up after 10 minutes
     */
    static void raise(String bootstrap, int wanted, int inSync) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            List<Integer> brokers = admin.describeCluster().nodes().get().stream()
                    .map(Node::id)
                    .sorted()
                    .toList();
            Collection<String> topics = admin.listTopics(new ListTopicsOptions().listInternal(true))
                    .names()
                    .get();
            Map<TopicPartition, Optional<NewPartitionReassignment>> changes = new HashMap<>();
            for (TopicDescription topic :
                    admin.describeTopics(topics).allTopicNames().get().values()) {
                for (TopicPartitionInfo partition : topic.partitions()) {
                    List<Integer> now =
                            partition.replicas().stream().map(Node::id).toList();
                    if (now.size() < wanted) {
                        changes.put(
                                new TopicPartition(topic.name(), partition.partition()),
                                Optional.of(new NewPartitionReassignment(
                                        replicas(now, brokers, wanted, partition.partition()))));
                    }
                }
            }
            admin.alterPartitionReassignments(changes).all().get();
            awaitAll(admin);
            // Kafka keeps what the first broker was formatted with, over what its configuration says now.
            ConfigResource all = new ConfigResource(ConfigResource.Type.BROKER, "");
            ConfigEntry setting = new ConfigEntry("min.insync.replicas", Integer.toString(inSync));
            admin.incrementalAlterConfigs(Map.of(all, List.of(new AlterConfigOp(setting, AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            throw unfinished(String.valueOf(e.getCause().getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unfinished("interrupted", e);
        }
    }

    /** Those of now, then others; which ones come first depends on the partition, so that all brokers get as much. */
    static List<Integer> replicas(List<Integer> now, List<Integer> brokers, int wanted, int partition) {
        List<Integer> replicas = new ArrayList<>(now);
        for (int i = 0; i < brokers.size() && replicas.size() < wanted; i++) {
            int broker = brokers.get((partition + i) % brokers.size());
            if (!replicas.contains(broker)) {
                replicas.add(broker);
            }
        }
        return replicas;
    }

    private static void awaitAll(Admin admin) throws ExecutionException, InterruptedException {
        long deadline = System.nanoTime() + TIMEOUT.toNanos();
        while (!admin.listPartitionReassignments().reassignments().get().isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw unfinished("replicas have not caught up after %d minutes".formatted(TIMEOUT.toMinutes()), null);
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static LakeException unfinished(String reason, Exception cause) {
        return new LakeException(
                ExitCode.UNAVAILABLE,
                "Cannot replicate Kafka's topics: %s. Run ./lake up again: it goes on where this ended."
                        .formatted(reason),
                cause);
    }
}
