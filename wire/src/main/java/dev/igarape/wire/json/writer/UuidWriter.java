package dev.igarape.wire.json.writer;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.regex.Pattern;

/** A writer of UUIDs, which Avro stores as strings; the spelling is kept. */
final class UuidWriter implements ValueWriter {
    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

    private final ValueWriter string = new ScalarWriters.StringWriter();

    @Override
    public void write(ConversionContext conversion) throws IOException {
        if (accepts(conversion.token())
                && UUID.matcher(conversion.parser().getText()).matches()) {
            string.write(conversion);
        } else {
            conversion.mismatch("a UUID such as \"123e4567-e89b-12d3-a456-426614174000\"");
        }
    }

    @Override
    public boolean accepts(JsonToken first) {
        return first == JsonToken.VALUE_STRING;
    }
}
