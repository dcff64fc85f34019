/** The Spark distribution: its command lines, its class data archive, and its SQL parser. */
package dev.igarape.cli.spark;
