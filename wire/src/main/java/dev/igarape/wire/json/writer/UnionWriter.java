package dev.igarape.wire.json.writer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A writer of unions. A value may come bare where its JSON type leaves one branch only, whatever the value; else it
 * names its branch as in Avro's JSON encoding: {@code {"int": 5}}. Which objects may be bare is decided when the schema
 * is compiled.
 */
final class UnionWriter implements ValueWriter {
    private final List<String> names;
    private final List<ValueWriter> branches;
    private final boolean tagged;
    private final Optional<ObjectWriter> bareObject;
    private final Map<String, Integer> byName = new HashMap<>();

    /**
     * @param names the branches' names: full names of named types, else types
     * @param tagged whether objects may name their branch
     * @param bareObject the branch of objects that don't
     */
    UnionWriter(List<String> names, List<ValueWriter> branches, boolean tagged, Optional<ObjectWriter> bareObject) {
        this.names = names;
        this.branches = branches;
        this.tagged = tagged;
        this.bareObject = bareObject;
        for (int i = 0; i < names.size(); i++) {
            if (!branches.get(i).accepts(JsonToken.VALUE_NULL)) {
                byName.put(names.get(i), i);
            }
        }
    }

    @Override
    public void write(ConversionContext conversion) throws IOException {
        JsonToken token = conversion.token();
        if (token == JsonToken.START_OBJECT) {
            writeObject(conversion);
            return;
        }
        int only = -1;
        for (int i = 0; i < branches.size(); i++) {
            if (branches.get(i).accepts(token)) {
                if (only >= 0) {
                    refuseAmbiguous(conversion, token);
                    return;
                }
                only = i;
            }
        }
        if (only < 0) {
            conversion.mismatch(expected());
        } else {
            conversion.out().writeLong(only);
            branches.get(only).write(conversion);
        }
    }

    private void writeObject(ConversionContext conversion) throws IOException {
        JsonParser parser = conversion.parser();
        JsonToken first = parser.nextToken();
        Integer branch = tagged && first == JsonToken.FIELD_NAME ? byName.get(parser.currentName()) : null;
        if (branch != null) {
            writeTagged(conversion, branch);
        } else if (bareObject.isPresent()) {
            conversion.out().writeLong(branches.indexOf(bareObject.get()));
            bareObject.get().writeMembers(conversion);
        } else {
            conversion.error("expected " + expected() + ", got an object that does not name its type; write it as "
                    + tagExamples(JsonToken.START_OBJECT));
            skipMembers(parser);
        }
    }

    private void writeTagged(ConversionContext conversion, int branch) throws IOException {
        JsonParser parser = conversion.parser();
        parser.nextToken();
        conversion.out().writeLong(branch);
        conversion.enter(names.get(branch));
        branches.get(branch).write(conversion);
        conversion.leave();
        if (parser.nextToken() != JsonToken.END_OBJECT) {
            conversion.error(
                    "an object that names its type, as {\"" + names.get(branch) + "\": …} does, has one member only");
            skipMembers(parser);
        }
    }

    private void refuseAmbiguous(ConversionContext conversion, JsonToken token) throws IOException {
        conversion.error(conversion.describe() + " may be of several types; write it as " + tagExamples(token));
        conversion.parser().skipChildren();
    }

    /** Skips the members that are left, up to the closing brace. */
    private static void skipMembers(JsonParser parser) throws IOException {
        while (parser.currentToken() == JsonToken.FIELD_NAME) {
            parser.nextToken();
            parser.skipChildren();
            parser.nextToken();
        }
    }

    private String tagExamples(JsonToken token) {
        List<String> examples = new ArrayList<>();
        for (int i = 0; i < branches.size(); i++) {
            if (branches.get(i).accepts(token)) {
                examples.add("{\"" + names.get(i) + "\": …}");
            }
        }
        if (examples.isEmpty()) {
            byName.keySet().stream().sorted().forEach(name -> examples.add("{\"" + name + "\": …}"));
        }
        return String.join(" or ", examples);
    }

    private String expected() {
        return names.isEmpty() ? "nothing (an empty union)" : String.join(" or ", names);
    }

    @Override
    public boolean accepts(JsonToken first) {
        return first == JsonToken.START_OBJECT || branches.stream().anyMatch(branch -> branch.accepts(first));
    }
}
