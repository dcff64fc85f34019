/**
 * Tables with rows by key, kept as Delta tables: {@code current}, the latest row of each key, and {@code history}, all its
 * versions. {@code KeyedBuild} runs a step, {@code Events} gives the events of dates, {@code Latest} finds those that count, a
 * {@code Fold} what they change, and {@code KeyedTable} holds the Delta table, for which {@code RowChanges} writes. Of captured
 * changes {@code Envelopes} are read, and {@code ChangeStates} is what is known of each key; {@code Reconciliation} compares a table
 * with its database.
 */
package dev.igarape.jobs.keyed;
