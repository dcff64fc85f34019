package dev.igarape.bench;

/**
 * What a contender's work came to, alike whatever the order of its rows.
 *
 * @param hash sum over the rows' hashes, as text
 */
record Answer(long rows, String hash) {}
