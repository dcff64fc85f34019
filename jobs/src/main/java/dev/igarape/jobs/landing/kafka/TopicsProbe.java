package dev.igarape.jobs.landing.kafka;

import dev.igarape.jobs.kind.SourceProbe;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.landing.kafka.offsets.BrokerConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Asks Kafka where the topics of a landing end. */
final class TopicsProbe implements SourceProbe {
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    private final List<String> topics;
    private final BrokerConnection offsets;

    TopicsProbe(Lake lake, List<String> topics) {
        this.topics = topics;
        this.offsets = new BrokerConnection(lake.target().kafka(), TIMEOUT);
    }

    @Override
    public SourceState state() {
        Map<String, Map<Integer, Long>> ends = new TreeMap<>();
        StringBuilder version = new StringBuilder();
        for (String topic : topics) {
            BrokerConnection.TopicEnd end = offsets.end(topic);
            ends.put(topic, end.offsets());
            version.append(topic)
                    .append(' ')
                    .append(end.topicId())
                    .append(' ')
                    .append(end.offsets())
                    .append('\n');
        }
        return new SourceState(version.toString(), ends, Map.of());
    }

    @Override
    public void close() {
        offsets.close();
    }
}
