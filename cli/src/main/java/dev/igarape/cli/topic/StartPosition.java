package dev.igarape.cli.topic;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;

/** The position in each partition at which reading starts. */
@FunctionalInterface
public interface StartPosition {
    /** Seeks the consumer to it; the partitions are assigned to the consumer. */
    void seek(Consumer<?, ?> consumer, Collection<TopicPartition> partitions);

    /**
     * Parses what users write: {@code earliest}, {@code latest}, a time such as {@code 2024-01-01T12:00:00Z}, an offset, or
     * how many messages before each partition's end, with a minus. What lies outside of a partition means its nearest
     * end.
     */
    static StartPosition parse(String text) {
        if (text.equals("earliest")) {
            return Consumer::seekToBeginning;
        }
        if (text.equals("latest")) {
            // Looked up now: a lazy seek would miss what arrives before the first poll.
            return (consumer, partitions) -> consumer.endOffsets(partitions).forEach(consumer::seek);
        }
        if (text.contains("T")) {
            return at(text);
        }
        try {
            long number = Long.parseLong(text);
            return text.startsWith("-")
                    ? (consumer, partitions) -> seek(consumer, partitions, number, true)
                    : (consumer, partitions) -> seek(consumer, partitions, number, false);
        } catch (NumberFormatException e) {
            throw invalid(text, e);
        }
    }

    /** The first message of each partition that is not older than this time. */
    private static StartPosition at(String text) {
        try {
            long time = Instant.parse(text).toEpochMilli();
            return (consumer, partitions) -> {
                Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
                Map<TopicPartition, Long> times = new HashMap<>();
                partitions.forEach(partition -> times.put(partition, time));
                consumer.offsetsForTimes(times)
                        .forEach((partition, found) ->
                                consumer.seek(partition, found == null ? ends.get(partition) : found.offset()));
            };
        } catch (DateTimeParseException e) {
            throw invalid(text, e);
        }
    }

    private static LakeException invalid(String text, RuntimeException cause) {
        return new LakeException(
                ExitCode.USAGE,
                "Cannot begin at '%s'. Give earliest, latest, a time such as 2024-01-01T12:00:00Z, an offset such as 100, or -5 for the last five messages of each partition."
                        .formatted(text),
                cause);
    }

    private static void seek(
            Consumer<?, ?> consumer, Collection<TopicPartition> partitions, long number, boolean beforeEnd) {
        Map<TopicPartition, Long> first = new HashMap<>(consumer.beginningOffsets(partitions));
        consumer.endOffsets(partitions).forEach((partition, end) -> {
            long offset = beforeEnd ? end + number : number;
            consumer.seek(partition, Math.min(end, Math.max(first.get(partition), offset)));
        });
    }
}
