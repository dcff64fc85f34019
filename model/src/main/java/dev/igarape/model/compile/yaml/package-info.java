/** YAML files with the position of every value, for diagnostics. Depends on the diagnostics only. */
package dev.igarape.model.compile.yaml;
