package dev.igarape.wire.json.writer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.igarape.wire.avro.DatumBuffer;
import dev.igarape.wire.avro.DefaultValue;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A writer of records. Members may come in any order: values are encoded as they come, and put into the schema's order
 * at the end if they came in another.
 */
final class RecordWriter extends ObjectWriter {
    private final String fullName;
    private Field[] fields = new Field[0];
    private Map<String, Integer> positions = Map.of();

    RecordWriter(String fullName) {
        this.fullName = fullName;
    }

    /** Called once, before the first use: the fields of a recursive record need the record's writer. */
    void define(List<Field> all) {
        fields = all.toArray(new Field[0]);
        Map<String, Integer> byName = new HashMap<>();
        for (int i = 0; i < fields.length; i++) {
            byName.put(fields[i].name(), i);
        }
        positions = byName;
    }

    @Override
    void writeMembers(ConversionContext conversion) throws IOException {
        JsonParser parser = conversion.parser();
        int start = conversion.out().size();
        int[] from = new int[fields.length];
        int[] to = new int[fields.length];
        Arrays.fill(from, -1);
        int seen = 0;
        boolean inOrder = true;
        for (; conversion.token() == JsonToken.FIELD_NAME; parser.nextToken()) {
            String name = parser.currentName();
            Integer position = positions.get(name);
            parser.nextToken();
            conversion.enter(name);
            if (position == null) {
                conversion.error("is not a field of " + fullName);
                parser.skipChildren();
            } else if (from[position] >= 0) {
                conversion.error("appears more than once");
                parser.skipChildren();
            } else {
                inOrder &= position == seen++;
                from[position] = conversion.out().size();
                fields[position].writer().write(conversion);
                to[position] = conversion.out().size();
            }
            conversion.leave();
        }
        if (seen < fields.length || !inOrder) {
            complete(conversion, start, from, to);
        }
    }

    private void complete(ConversionContext conversion, int start, int[] from, int[] to) {
        DatumBuffer.Piece[] pieces = new DatumBuffer.Piece[fields.length];
        boolean complete = true;
        for (int i = 0; i < fields.length; i++) {
            if (from[i] >= 0) {
                pieces[i] = DatumBuffer.Piece.here(from[i], to[i]);
            } else if (fields[i].standard().bytes().isPresent()) {
                pieces[i] = DatumBuffer.Piece.of(fields[i].standard().bytes().get());
            } else {
                conversion.errorAt(fields[i].name(), fields[i].standard().error());
                complete = false;
            }
        }
        if (complete) {
            conversion.out().rearrange(start, pieces);
        }
    }

    @Override
    String expected() {
        return "an object (" + fullName + ")";
    }

    record Field(String name, ValueWriter writer, DefaultValue standard) {}
}
