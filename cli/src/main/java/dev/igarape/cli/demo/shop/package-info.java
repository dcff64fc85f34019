/** The demo of an online shop's sales as events in Avro: how they are sent, and what the tables have to show. */
package dev.igarape.cli.demo.shop;
