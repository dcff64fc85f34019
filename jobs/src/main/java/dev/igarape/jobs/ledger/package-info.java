/**
 * Ledgers: the immutable commits of a table, the state that follows from them, and optimistic commits to them. Depends
 * on storage only.
 */
package dev.igarape.jobs.ledger;
