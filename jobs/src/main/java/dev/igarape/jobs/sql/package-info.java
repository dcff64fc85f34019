/**
 * Spark SQL: the parser that the compiler uses, with rules on queries of intervals and on what gives another result, queries
 * over given inputs, session settings, and rules about column
 * types. Depends on no other package of jobs.
 */
package dev.igarape.jobs.sql;
