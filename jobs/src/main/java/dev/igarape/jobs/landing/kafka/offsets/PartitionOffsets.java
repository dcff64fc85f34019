package dev.igarape.jobs.landing.kafka.offsets;

/**
 * A partition's offsets on the broker.
 *
 * @param beginning the oldest offset that still exists
 * @param end the last stable offset: the offset after the last record that is not in an open transaction
 * @param start where the first landing begins
 */
public record PartitionOffsets(long beginning, long end, long start) {}
