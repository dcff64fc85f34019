/** Registers the built-in kinds of tables; depends on the package of each. */
package dev.igarape.jobs.kind.builtin;
