package dev.igarape.wire.json;

import dev.igarape.wire.json.writer.ConversionError;
import java.util.List;
import java.util.Objects;

/** What became of a JSON document. */
public sealed interface ConversionResult permits ConversionResult.Encoded, ConversionResult.Rejected {

    /**
     * The document fits.
     *
     * @param avro the datum in Avro's binary encoding, without header; not copied
     */
    record Encoded(byte[] avro) implements ConversionResult {
        public Encoded {
            Objects.requireNonNull(avro, "avro");
        }
    }

    /** The document does not fit; nothing may be made of it. */
    record Rejected(List<ConversionError> errors) implements ConversionResult {
        public Rejected {
            errors = List.copyOf(errors);
            if (errors.isEmpty()) {
                throw new IllegalArgumentException("A rejection needs at least one fault.");
            }
        }
    }
}
