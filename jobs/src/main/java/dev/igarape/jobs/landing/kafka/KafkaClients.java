package dev.igarape.jobs.landing.kafka;

import dev.igarape.jobs.kind.Resources;
import dev.igarape.jobs.landing.kafka.copy.Consumers;
import dev.igarape.jobs.landing.kafka.offsets.BrokerConnection;
import java.time.Duration;
import java.util.Map;

/** The connections to a target's brokers that landings have in common. */
final class KafkaClients implements Resources.Resource {
    private static final Duration BROKER_TIMEOUT = Duration.ofSeconds(60);

    private final BrokerConnection offsets;
    private final Consumers consumers = new Consumers();

    /** @param kafka client properties, at least {@code bootstrap.servers} */
    KafkaClients(Map<String, String> kafka) {
        this.offsets = new BrokerConnection(kafka, BROKER_TIMEOUT);
    }

    BrokerConnection offsets() {
        return offsets;
    }

    Consumers consumers() {
        return consumers;
    }

    @Override
    public void close() {
        try {
            offsets.close();
        } finally {
            consumers.close();
        }
    }
}
