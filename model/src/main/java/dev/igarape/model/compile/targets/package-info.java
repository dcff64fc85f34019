/** {@code targets.yaml}: the targets that a project declares besides the local one. */
package dev.igarape.model.compile.targets;
