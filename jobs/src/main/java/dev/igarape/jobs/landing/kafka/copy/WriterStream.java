package dev.igarape.jobs.landing.kafka.copy;

import dev.igarape.jobs.landing.kafka.datum.DatumSkipper;
import dev.igarape.jobs.landing.kafka.output.FileStream;
import dev.igarape.jobs.landing.kafka.output.RecordRule;
import java.util.Optional;

/** What a task does with the records of one schema id: land them, or send them to quarantine. */
sealed interface WriterStream {

    /**
     * Records of a known writer schema.
     *
     * @param encodedId the schema id as Avro encodes it
     */
    record Landing(DatumSkipper skipper, FileStream files, byte[] encodedId) implements WriterStream {
        /** Says why the datum in the value is not whole, if it is not. */
        Optional<String> check(byte[] value, int from) {
            return skipper.walk(value, from, value.length);
        }
    }

    /** Records whose schema the registry does not know, or that nothing can be decoded with. */
    record Refused(RecordRule rule, String reason) implements WriterStream {}
}
