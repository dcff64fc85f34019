/** One entry of {@code tables}: its definition, columns, inputs and expectations. */
package dev.igarape.model.compile.table;
