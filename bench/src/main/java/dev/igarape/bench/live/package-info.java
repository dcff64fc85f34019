/** Benchmark {@code live}: the live service against Spark Structured Streaming. */
package dev.igarape.bench.live;
