/** Runs that are handed over to a process that is up: how they come in, run side by side, and answer their callers. */
package dev.igarape.jobs.warm;
