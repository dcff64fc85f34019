/** Benchmark {@code land}: a topic of Kafka into Avro files on HDFS, inside one Spark session. */
package dev.igarape.bench.landing;
