package dev.igarape.api.topics;

import dev.igarape.api.http.Json;
import dev.igarape.api.http.Problem;
import dev.igarape.api.http.ProblemException;
import dev.igarape.wire.Converted;
import dev.igarape.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Makes a topic's messages of JSON, in Confluent's wire format. */
record Messages(String topic, TopicSchema schema) {

    /** @throws ProblemException 400 for what is no JSON at all, 422 for JSON that does not fit */
    ProducerRecord<byte[], byte[]> message(Optional<String> key, byte[] json) {
        Converted converted = schema.converter().convert(json);
        if (converted instanceof Converted.Rejected rejected) {
            throw rejection(rejected, json);
        }
        byte[] avro = ((Converted.Encoded) converted).avro();
        byte[] keyBytes = key.map(text -> text.getBytes(StandardCharsets.UTF_8)).orElse(null);
        return new ProducerRecord<>(topic, keyBytes, WireFormat.frame(schema.id(), avro));
    }

    private ProblemException rejection(Converted.Rejected rejected, byte[] json) {
        Json.check(json);
        return Problem.of(
                        422,
                        "does-not-fit-schema",
                        "The message does not fit its schema",
                        "The message does not fit the schema of '" + topic + "' (subject " + schema.subject() + ", id "
                                + schema.id() + "). Each error points at what to mend.")
                .with(rejected.faults().stream()
                        .map(fault -> new Problem.Fault(fault.pointer(), fault.message()))
                        .toList())
                .failure();
    }
}
