/**
 * Tables of the kind {@code current}: the latest row of each key, kept as a Delta table. {@code CurrentBuild} runs a step,
 * {@code Events} gives the events of dates, {@code Latest} finds what they change, and {@code KeyedTable} holds the Delta table.
 */
package dev.igarape.jobs.current;
