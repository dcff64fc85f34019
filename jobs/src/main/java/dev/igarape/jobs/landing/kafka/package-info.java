/**
 * Lands Kafka topics: KafkaLanding plans offsets, has ranges copied and commits them; KafkaReplay lands quarantined
 * records again.
 */
package dev.igarape.jobs.landing.kafka;
