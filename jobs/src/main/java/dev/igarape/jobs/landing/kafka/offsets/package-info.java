/** Plans which offsets a landing reads: compares the broker's offsets with those in the ledger, and detects gaps. */
package dev.igarape.jobs.landing.kafka.offsets;
