package dev.igarape.jobs.quarantine;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * A row of a quarantine table.
 *
 * @param commit the number of the commit that put it there
 * @param topic of a record from Kafka; of a landed file its path
 * @param offset likewise; of a landed file the line
 * @param value as received
 * @param row as JSON, of a table that is built by a query
 */
record QuarantinedRow(
        LocalDate date,
        long commit,
        String rule,
        String reason,
        Optional<String> topic,
        Optional<Integer> partition,
        Optional<Long> offset,
        Optional<Instant> timestamp,
        Optional<Integer> schemaId,
        Optional<byte[]> key,
        Optional<byte[]> value,
        Optional<String> row) {}
