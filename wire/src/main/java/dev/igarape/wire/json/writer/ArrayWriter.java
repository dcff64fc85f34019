package dev.igarape.wire.json.writer;

import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** A writer of arrays. */
final class ArrayWriter implements ValueWriter {
    private final ValueWriter items;

    ArrayWriter(ValueWriter items) {
        this.items = items;
    }

    @Override
    public void write(ConversionContext conversion) throws IOException {
        if (!accepts(conversion.token())) {
            conversion.mismatch("an array");
            return;
        }
        int start = conversion.out().size();
        int count = 0;
        while (conversion.parser().nextToken() != JsonToken.END_ARRAY) {
            conversion.enter(count++);
            items.write(conversion);
            conversion.leave();
        }
        conversion.out().closeBlock(start, count);
    }

    @Override
    public boolean accepts(JsonToken first) {
        return first == JsonToken.START_ARRAY;
    }
}
