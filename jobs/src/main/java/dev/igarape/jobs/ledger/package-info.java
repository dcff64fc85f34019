/**
 * The ledgers: a table's commits, and the state that they add up to. Every kind of table commits through it and reads its
 * inputs by it.
 *
 * <p>Depends on {@code storage} alone. Formats before the present one are known to {@link
 * dev.igarape.jobs.ledger.FormatUpgrade} only.
 */
package dev.igarape.jobs.ledger;
