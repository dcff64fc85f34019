/**
 * Targets, the environments in which a project runs: endpoints, prefixes and limits, read from {@code target.json}.
 */
package dev.igarape.model.targets;
