/** What Spark and its libraries throw, told to people who can't set Spark's settings and need not know its code. */
package dev.igarape.jobs.failure;
