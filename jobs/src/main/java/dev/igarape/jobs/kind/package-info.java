/**
 * What a kind of table must be able to do. Each kind implements {@link dev.igarape.jobs.kind.TableKind} in its own
 * package; {@code dev.igarape.jobs.kind.builtin} lists those that Igarapé has.
 */
package dev.igarape.jobs.kind;
