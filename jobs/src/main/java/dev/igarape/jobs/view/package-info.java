/** Deploys views to Trino. */
package dev.igarape.jobs.view;
