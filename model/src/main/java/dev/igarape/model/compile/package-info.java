/**
 * The compiler of a project: {@code pipeline.yaml} files and SQL to a manifest, or to every diagnostic at once. The
 * packages below it read one part each.
 */
package dev.igarape.model.compile;
