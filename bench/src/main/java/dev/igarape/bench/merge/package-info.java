/** Changes of a few rows of a table with keys: a step of a current table, Delta Lake's MERGE, and appending. */
package dev.igarape.bench.merge;
