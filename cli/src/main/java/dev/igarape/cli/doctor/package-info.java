/** Checks of the machine and of the servers, each with a remedy. */
package dev.igarape.cli.doctor;
