package dev.igarape.bench.harness;

/**
 * Row count and hash of a candidate's result; the order of the rows does not matter.
 *
 * @param hash sum over the rows' hashes, as text
 */
public record Checksum(long rows, String hash) {}
