package dev.igarape.wire.json.writer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/** A writer of maps: JSON objects with any names, each once. */
final class MapWriter extends ObjectWriter {
    private final ValueWriter values;

    MapWriter(ValueWriter values) {
        this.values = values;
    }

    @Override
    void writeMembers(ConversionContext conversion) throws IOException {
        JsonParser parser = conversion.parser();
        int start = conversion.out().size();
        Set<String> seen = new HashSet<>();
        for (; conversion.token() == JsonToken.FIELD_NAME; parser.nextToken()) {
            String name = parser.currentName();
            conversion.enter(name);
            if (!seen.add(name)) {
                conversion.error("appears more than once");
                parser.nextToken();
                parser.skipChildren();
            } else {
                if (!conversion.out().writeString(name.toCharArray(), 0, name.length())) {
                    conversion.error("the name has half a surrogate pair, which is no character");
                }
                parser.nextToken();
                values.write(conversion);
            }
            conversion.leave();
        }
        conversion.out().closeBlock(start, seen.size());
    }

    @Override
    String expected() {
        return "an object (map)";
    }
}
