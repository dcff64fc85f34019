/**
 * Spark SQL: the parser that the compiler uses, with what it says of determinism and of times, queries over given inputs,
 * session settings, and rules about column types. Depends on no other package of jobs.
 */
package dev.igarape.jobs.sql;
