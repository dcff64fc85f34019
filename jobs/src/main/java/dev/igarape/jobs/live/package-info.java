/**
 * The live service: a process that stays and runs the steps of tables while there is something to do. It builds as a run does;
 * the ledgers decide what is due, so it keeps no state of its own.
 */
package dev.igarape.jobs.live;
