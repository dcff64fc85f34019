package dev.igarape.jobs.quarantine;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * A row of a quarantine table.
 *
 * @param commit sequence of the commit that added it
 * @param topic the Kafka topic; for a landed file its path
 * @param offset the Kafka offset; for a landed file the line
 * @param value as received
 * @param row as JSON, for tables built by a query
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
