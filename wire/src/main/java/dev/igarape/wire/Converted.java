package dev.igarape.wire;

import java.util.List;
import java.util.Objects;

/** What became of a JSON document. */
public sealed interface Converted permits Converted.Encoded, Converted.Rejected {

    /**
     * The document fits.
     *
     * @param avro the datum in Avro's binary encoding, without header; not copied
     */
    record Encoded(byte[] avro) implements Converted {
        public Encoded {
            Objects.requireNonNull(avro, "avro");
        }
    }

    /** The document does not fit; nothing may be made of it. */
    record Rejected(List<Fault> faults) implements Converted {
        public Rejected {
            faults = List.copyOf(faults);
            if (faults.isEmpty()) {
                throw new IllegalArgumentException("A rejection needs at least one fault.");
            }
        }
    }
}
