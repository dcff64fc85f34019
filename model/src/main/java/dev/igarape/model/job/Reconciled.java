package dev.igarape.model.job;

import dev.igarape.model.TableName;

/**
 * What a comparison of a table with its database has found.
 *
 * @param what {@code database} or {@code lake}: how many rows it has; {@code missing}, {@code surplus} or {@code different}: so many
 *     rows that the lake lacks, that only the lake has, or that have other values
 * @param checksum of all rows, in any order; empty text for those that differ
 * @param keys some of those that differ, as JSON; empty text for all rows
 */
public record Reconciled(TableName table, String what, long rows, String checksum, String keys) {}
