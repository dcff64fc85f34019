package dev.igarape.model.job;

import dev.igarape.model.TableName;
import java.time.LocalDate;

/**
 * An interval of a date whose rows are others if the date is computed as a whole.
 *
 * @param what differs, a sentence without a full stop
 */
public record Difference(TableName table, LocalDate date, String what) {}
