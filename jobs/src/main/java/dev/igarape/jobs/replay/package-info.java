/** Replays quarantined rows, in the way of the table's kind. */
package dev.igarape.jobs.replay;
