/** The sales of an online shop, invented from a seed, and what follows from them: the world of two pipelines. */
package dev.igarape.cli.demo.sales;
