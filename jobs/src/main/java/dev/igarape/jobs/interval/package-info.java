/**
 * The intervals of a date: the parts in which a {@code daily} table with {@code interval} is computed, written and read.
 */
package dev.igarape.jobs.interval;
