/** The kinds of tables that Igarapé has, with all that they know. */
package dev.igarape.jobs.kind.builtin;
