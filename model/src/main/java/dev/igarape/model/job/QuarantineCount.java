package dev.igarape.model.job;

import dev.igarape.model.TableName;
import java.time.LocalDate;

/**
 * The number of quarantined rows of one date of a table, by the rule that keeps them out.
 *
 * @param table the table that they were kept out of
 * @param commit the sequence of the last commit that put some there
 */
public record QuarantineCount(TableName table, LocalDate date, String rule, long rows, long commit) {}
