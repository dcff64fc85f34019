package dev.igarape.cli.demo.checked;

/**
 * How the changes of a database's tables reach Kafka.
 *
 * @param connector of the project's folder {@code connect}
 * @param topic of one partition
 */
public record Capture(String connector, String topic) {}
