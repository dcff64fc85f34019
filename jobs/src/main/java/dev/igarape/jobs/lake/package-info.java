/**
 * A run's context: manifest, target, file system and clock, and the result of a run. Landings, builds, planning and
 * maintenance depend on it.
 */
package dev.igarape.jobs.lake;
