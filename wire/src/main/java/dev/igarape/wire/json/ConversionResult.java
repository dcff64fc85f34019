package dev.igarape.wire.json;

import dev.igarape.wire.json.writer.ConversionError;
import java.util.List;
import java.util.Objects;

/** The result of converting a JSON document. */
public sealed interface ConversionResult permits ConversionResult.Encoded, ConversionResult.Rejected {

    /**
     * The document fits the schema.
     *
     * @param avro the datum in Avro's binary encoding, without header; not copied
     */
    record Encoded(byte[] avro) implements ConversionResult {
        public Encoded {
            Objects.requireNonNull(avro, "avro");
        }
    }

    /** The document does not fit the schema; there is no datum. */
    record Rejected(List<ConversionError> errors) implements ConversionResult {
        public Rejected {
            errors = List.copyOf(errors);
            if (errors.isEmpty()) {
                throw new IllegalArgumentException("A rejection needs at least one fault.");
            }
        }
    }
}
