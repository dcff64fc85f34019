/**
 * Plans which dates of daily tables are due. Freshness compares a date's last build with the commits of its inputs,
 * Completeness waits for late data, and the Planner combines both for all tables.
 */
package dev.igarape.jobs.plan;
