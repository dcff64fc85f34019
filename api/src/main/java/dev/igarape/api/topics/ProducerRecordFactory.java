package dev.igarape.api.topics;

import dev.igarape.api.http.Problem;
import dev.igarape.api.http.ProblemException;
import dev.igarape.api.http.Sanitized;
import dev.igarape.api.http.StrictJson;
import dev.igarape.wire.json.ConversionResult;
import dev.igarape.wire.serde.WireFormat;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Factory of a topic's producer records, from JSON to Avro in Confluent's wire format. */
record ProducerRecordFactory(String topic, TopicSchema schema) {

    /**
     * A record with this key, or none.
     *
     * @throws ProblemException 400 for invalid JSON, 422 for JSON that does not fit
     */
    ProducerRecord<byte[], byte[]> record(Optional<String> key, byte[] json) {
        byte[] avro = avro(json);
        return record(key.map(text -> text.getBytes(StandardCharsets.UTF_8)).orElse(null), avro);
    }

    /**
     * A record whose key is the text of one of the JSON object's members.
     *
     * @throws ProblemException 400 for invalid JSON, 422 for JSON that does not fit or lacks its key
     */
    ProducerRecord<byte[], byte[]> keyedRecord(String member, byte[] json) {
        byte[] avro = avro(json);
        String key = StrictJson.scalar(json, member).orElseThrow(() -> missingKey(member));
        return record(key.getBytes(StandardCharsets.UTF_8), avro);
    }

    private ProducerRecord<byte[], byte[]> record(byte[] key, byte[] avro) {
        return new ProducerRecord<>(topic, key, WireFormat.frame(schema.id(), avro));
    }

    private byte[] avro(byte[] json) {
        ConversionResult converted = schema.converter().convert(json);
        if (converted instanceof ConversionResult.Rejected rejected) {
            throw rejection(rejected, json);
        }
        return ((ConversionResult.Encoded) converted).avro();
    }

    private static ProblemException missingKey(String member) {
        return Problem.of(
                        422,
                        "no-key",
                        "The message has no key",
                        "The key is to be the message's '" + Sanitized.of(member)
                                + "', which is missing, null or no single value. Give it one, or choose another.")
                .toException();
    }

    private ProblemException rejection(ConversionResult.Rejected rejected, byte[] json) {
        StrictJson.check(json);
        return Problem.of(
                        422,
                        "does-not-fit-schema",
                        "The message does not fit its schema",
                        "The message does not fit the schema of '" + topic + "' (subject " + schema.subject() + ", id "
                                + schema.id() + "). Each error points at what to mend.")
                .with(rejected.errors().stream()
                        .map(error -> new Problem.ErrorDetail(error.pointer(), error.message()))
                        .toList())
                .toException();
    }
}
