package dev.igarape.wire.json.writer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.igarape.wire.avro.DatumBuffer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The state of converting one document: the position in it, the bytes written, the errors found. */
public final class ConversionContext {
    /** A bound on memory; more errors would not help. */
    static final int MAX_ERRORS = 1000;

    private static final int MAX_QUOTED = 60;

    private final JsonParser parser;
    private final DatumBuffer out = new DatumBuffer();
    private final List<ConversionError> errors = new ArrayList<>();
    private String[] names = new String[16];
    private int[] indexes = new int[16];
    private int depth;
    private boolean moreErrors;

    public ConversionContext(JsonParser parser) {
        this.parser = parser;
    }

    JsonParser parser() {
        return parser;
    }

    public DatumBuffer out() {
        return out;
    }

    JsonToken token() {
        return parser.currentToken();
    }

    void enter(String name) {
        enter(name, 0);
    }

    void enter(int index) {
        enter(null, index);
    }

    private void enter(String name, int index) {
        if (depth == names.length) {
            names = Arrays.copyOf(names, depth * 2);
            indexes = Arrays.copyOf(indexes, depth * 2);
        }
        names[depth] = name;
        indexes[depth++] = index;
    }

    void leave() {
        depth--;
    }

    /** Reports an error of the current value. */
    public void error(String message) {
        report(message, false);
    }

    /** Reports a syntax error, at the position of the parser, which reads ahead. */
    public void syntaxError(String message) {
        report(message, true);
    }

    private void report(String message, boolean parsersPlace) {
        if (errors.size() == MAX_ERRORS) {
            moreErrors = true;
        } else {
            String pointer =
                    parsersPlace ? parser.getParsingContext().pathAsPointer().toString() : pointer();
            errors.add(new ConversionError(pointer, message));
        }
    }

    /** Reports an error of a member of the current object. */
    void errorAt(String name, String message) {
        enter(name);
        error(message);
        leave();
    }

    /** Reports that a value is of the wrong type, and moves to its end. */
    void mismatch(String expected) throws IOException {
        error("expected " + expected + ", got " + describe());
        parser.skipChildren();
    }

    public List<ConversionError> errors() {
        if (!moreErrors) {
            return errors;
        }
        List<ConversionError> all = new ArrayList<>(errors);
        all.add(new ConversionError("", "there are more faults; the first " + MAX_ERRORS + " are listed"));
        return all;
    }

    String describe() throws IOException {
        switch (token()) {
            case START_OBJECT:
                return "an object";
            case START_ARRAY:
                return "an array";
            case VALUE_STRING:
                return "the string " + quote(parser.getText());
            case VALUE_NUMBER_INT:
            case VALUE_NUMBER_FLOAT:
                return "the number " + shorten(parser.getText());
            default:
                return parser.getText();
        }
    }

    static String quote(String text) {
        return '"' + shorten(text) + '"';
    }

    static String shorten(String text) {
        return text.length() <= MAX_QUOTED ? text : text.substring(0, MAX_QUOTED) + "…";
    }

    private String pointer() {
        StringBuilder pointer = new StringBuilder();
        for (int i = 0; i < depth; i++) {
            pointer.append('/');
            if (names[i] == null) {
                pointer.append(indexes[i]);
            } else {
                pointer.append(names[i].replace("~", "~0").replace("/", "~1"));
            }
        }
        return pointer.toString();
    }
}
