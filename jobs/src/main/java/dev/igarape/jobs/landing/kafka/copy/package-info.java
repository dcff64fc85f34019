/**
 * Copies ranges of Kafka offsets into Avro files without decoding: each payload is validated and copied, behind a few
 * envelope fields, into a file of its date and writer schema. A range is one task, run by threads of this process or by
 * Spark; KafkaLanding commits what the tasks have written.
 */
package dev.igarape.jobs.landing.kafka.copy;
