/** The demo of sales as JSON in Kafka: how they are written, and what the tables of the pipeline have to show. */
package dev.igarape.cli.demo.retail;
