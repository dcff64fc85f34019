package dev.igarape.cli.topic;

import dev.igarape.model.ExitCode;
import dev.igarape.model.LakeException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Where in each partition reading begins. */
@FunctionalInterface
public interface Start {
    /** Moves the consumer there; the partitions are assigned to it. */
    void seek(Consumer<?, ?> consumer, Collection<TopicPartition> partitions);

    /**
     * As people write it: {@code earliest}, {@code latest}, an offset, or how many messages before each partition's
     * end, with a minus. What lies outside of a partition means its nearest end.
     */
    static Start parse(String text) {
        if (text.equals("earliest")) {
            return Consumer::seekToBeginning;
        }
        if (text.equals("latest")) {
            // Looked up now: a lazy seek would miss what arrives before the first poll.
            return (consumer, partitions) -> consumer.endOffsets(partitions).forEach(consumer::seek);
        }
        try {
            long number = Long.parseLong(text);
            return text.startsWith("-")
                    ? (consumer, partitions) -> seek(consumer, partitions, number, true)
                    : (consumer, partitions) -> seek(consumer, partitions, number, false);
        } catch (NumberFormatException e) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "Cannot begin at '%s'. Give earliest, latest, an offset such as 100, or -5 for the last five messages of each partition."
                            .formatted(text),
                    e);
        }
    }

    private static void seek(
            Consumer<?, ?> consumer, Collection<TopicPartition> partitions, long number, boolean beforeEnd) {
        Map<TopicPartition, Long> first = new HashMap<>(consumer.beginningOffsets(partitions));
        consumer.endOffsets(partitions).forEach((partition, end) -> {
            long wanted = beforeEnd ? end + number : number;
            consumer.seek(partition, Math.min(end, Math.max(first.get(partition), wanted)));
        });
    }
}
