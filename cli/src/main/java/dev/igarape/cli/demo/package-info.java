/** The demo: events into topics, DAG runs, gold tables out of Trino. */
package dev.igarape.cli.demo;
