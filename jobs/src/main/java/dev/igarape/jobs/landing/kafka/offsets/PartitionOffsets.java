package dev.igarape.jobs.landing.kafka.offsets;

/**
 * What the broker says of a partition.
 *
 * @param beginning the oldest offset that it still has
 * @param end the offset behind the last record of no open transaction
 * @param start where a landing that has no ledger begins
 */
public record PartitionOffsets(long beginning, long end, long start) {}
