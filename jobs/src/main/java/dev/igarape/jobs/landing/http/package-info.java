/** Lands responses of an HTTP API: one JSON file per page, one commit per date. */
package dev.igarape.jobs.landing.http;
