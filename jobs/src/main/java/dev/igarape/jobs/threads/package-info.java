/** Threads that do a part of a run each. */
package dev.igarape.jobs.threads;
