/** Diagnostics: what is wrong with a project, where, and what to do about it. Used by all readers. */
package dev.igarape.model.compile.diagnostic;
