/** Replays quarantined rows, as the kind of their table does it. */
package dev.igarape.jobs.replay;
