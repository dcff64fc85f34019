/** Clients of HTTP servers that speak JSON, Airflow's among them. */
package dev.igarape.cli.http;
