/**
 * Runs of tables: leases that show which runs are alive, and records of how runs ended. The planner, maintenance and
 * the ops tables read them.
 */
package dev.igarape.jobs.runs;
