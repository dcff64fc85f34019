package dev.igarape.jobs.landing.kafka.output;

import java.io.Serializable;
import java.time.LocalDate;

/**
 * A file that a task has written.
 *
 * @param path relative to the attempt's folder, e.g. {@code date=2024-01-01/part-orders-0-4200-0-17.avro}
 * @param date the date of all its rows
 * @param schemaId of the writer schema; {@link #QUARANTINE} for a file of quarantined records
 * @param first earliest event time of its rows, in milliseconds since the epoch; of quarantined records the Kafka timestamp
 * @param last latest one
 */
public record LandedFile(String path, LocalDate date, long rows, long bytes, int schemaId, long first, long last)
        implements Serializable {
    /** A schema id that no registry assigns. */
    public static final int QUARANTINE = -1;
}
