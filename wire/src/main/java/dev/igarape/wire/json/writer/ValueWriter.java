package dev.igarape.wire.json.writer;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** A writer of JSON values as data of one Avro schema. Compiled once per schema; thread-safe. */
public interface ValueWriter {

    /**
     * Reads the value whose first token is current, up to its last token, and either writes its datum or reports at
     * least one error; what it has written then does not matter.
     *
     * @throws IOException if the document is not JSON from here on
     */
    void write(ConversionContext conversion) throws IOException;

    /** Whether values that start with this token may fit. */
    boolean accepts(JsonToken first);
}
