/**
 * Turns exceptions into messages and exit codes for the people who run a job. Errors of Spark and Hadoop are reported
 * as problem, value and remedy, without stack traces, error codes or Spark settings. Depends on no other package of
 * jobs.
 */
package dev.igarape.jobs.failure;
