/** Engines that keep windows of clicks up to date: the live service, runs, and Spark Structured Streaming. */
package dev.igarape.bench.engine;
