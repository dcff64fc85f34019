package dev.igarape.api.http;

import java.time.Duration;

/**
 * Limits on requests, bodies and connections.
 *
 * @param maxBody bytes of one body, and of one line of a batch
 * @param bodyTimeout from the request's head to its last byte
 * @param maxBatch bytes of one batch, decompressed
 * @param batchTimeout from a batch's head to its last byte
 * @param idleTimeout a connection on which nothing moves for so long is cut
 * @param maxConnections of all clients, open at once
 */
public record RequestLimits(
        int maxBody,
        Duration bodyTimeout,
        long maxBatch,
        Duration batchTimeout,
        Duration idleTimeout,
        int maxConnections) {}
