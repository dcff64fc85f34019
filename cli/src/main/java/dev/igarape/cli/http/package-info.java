/** Clients of HTTP servers that speak JSON, Airflow's among them, and how long they ask. */
package dev.igarape.cli.http;
