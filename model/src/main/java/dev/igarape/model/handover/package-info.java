/**
 * Runs that are handed to a live service instead of a process of their own: what is sent, what comes back, and the client.
 */
package dev.igarape.model.handover;
