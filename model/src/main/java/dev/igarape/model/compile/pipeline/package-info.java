/**
 * A whole {@code pipeline.yaml}, and what must hold between tables: a graph without cycles, schedules that fit, and the
 * definition hash.
 */
package dev.igarape.model.compile.pipeline;
