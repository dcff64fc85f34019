/**
 * Records of the manifest: pipelines, tables, their definitions, inputs, expectations and sources, read and written as
 * JSON by {@link dev.igarape.model.ManifestFile}. Knows no engine; every other module of the jobs' side builds on it.
 */
package dev.igarape.model;
