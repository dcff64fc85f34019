/** Exceptions and exit codes that all programs of the lake share. Depends on nothing. */
package dev.igarape.model.error;
