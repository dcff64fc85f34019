/**
 * Projects of pipelines: compiling definitions, selecting tables, deploying to the local Airflow, and new pipelines.
 */
package dev.igarape.cli.project;
