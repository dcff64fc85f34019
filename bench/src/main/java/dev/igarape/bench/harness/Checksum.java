package dev.igarape.bench.harness;

/**
 * What a contender's work came to, alike whatever the order of its rows.
 *
 * @param hash sum over the rows' hashes, as text
 */
public record Checksum(long rows, String hash) {}
