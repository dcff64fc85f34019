/** Which offsets of a topic a landing reads: what the broker has, what the ledger has already, and the difference. */
package dev.igarape.jobs.landing.kafka.offsets;
