package dev.igarape.jobs.ledger;

/**
 * Offsets that Kafka no longer had when a landing came for them, or events that no capture has, accepted by whoever ran it
 * with {@code --accept-gap}.
 *
 * @param topic or event hub
 * @param from first offset missed
 * @param until first offset read again
 */
public record AcceptedGap(String topic, int partition, long from, long until, String reason) {}
