package dev.igarape.jobs.landing.kafka.copy;

import dev.igarape.jobs.landing.kafka.datum.DatumSkipper;
import dev.igarape.jobs.landing.kafka.output.FileStream;
import dev.igarape.jobs.landing.kafka.output.RecordRule;
import java.util.Optional;

/** How a task handles the records of one schema id: writes or quarantines them. */
sealed interface WriterStream {

    /**
     * Records of a known writer schema.
     *
     * @param encodedId the schema id in Avro's encoding
     */
    record Landing(DatumSkipper skipper, FileStream files, byte[] encodedId) implements WriterStream {
        /** Validates the datum in the value; returns why it is not valid. */
        Optional<String> check(byte[] value, int from) {
            return skipper.validate(value, from, value.length);
        }
    }

    /** Records whose schema is unknown to the registry or cannot be used for decoding. */
    record Rejected(RecordRule rule, String reason) implements WriterStream {}
}
