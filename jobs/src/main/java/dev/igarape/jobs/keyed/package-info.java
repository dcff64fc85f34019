/**
 * Tables with rows by key, kept as Delta tables: {@code current}, the latest row of each key, and {@code history}, all its
 * versions. {@code KeyedBuild} runs a step, {@code Events} gives the events of dates, {@code Latest} finds those that count, a
 * {@code Fold} what they change, and {@code KeyedTable} holds the Delta table.
 */
package dev.igarape.jobs.keyed;
