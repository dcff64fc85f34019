package dev.igarape.wire.json.writer;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** A writer of JSON objects, whose opening brace may have been read already. */
abstract class ObjectWriter implements ValueWriter {

    /** Like {@link #write}, but the current token is the one after the opening brace. */
    abstract void writeMembers(ConversionContext conversion) throws IOException;

    abstract String expected();

    @Override
    public final void write(ConversionContext conversion) throws IOException {
        if (conversion.token() == JsonToken.START_OBJECT) {
            conversion.parser().nextToken();
            writeMembers(conversion);
        } else {
            conversion.mismatch(expected());
        }
    }

    @Override
    public final boolean accepts(JsonToken first) {
        return first == JsonToken.START_OBJECT;
    }
}
