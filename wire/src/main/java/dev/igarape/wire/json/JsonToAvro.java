package dev.igarape.wire.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.igarape.wire.json.writer.ConversionContext;
import dev.igarape.wire.json.writer.ConversionError;
import dev.igarape.wire.json.writer.ValueWriter;
import dev.igarape.wire.json.writer.WriterCompiler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.WeakHashMap;
import org.apache.avro.Schema;

/**
 * A converter of JSON documents to Avro data of one schema. It takes JSON as people and services write it, and never
 * loses data silently. Compiled once per schema; thread-safe.
 *
 * <table>
 * <caption>What fits what</caption>
 * <tr><th>Avro</th><th>JSON</th></tr>
 * <tr><td>int, long</td><td>a whole number in range, 1.0 and 1e3 included</td></tr>
 * <tr><td>float, double</td><td>a number; fractions take the nearest value, whole numbers must be exact, nothing
 * becomes infinite or zero</td></tr>
 * <tr><td>decimal</td><td>a number, or a string with one, that needs no rounding</td></tr>
 * <tr><td>string, enum, uuid</td><td>a string</td></tr>
 * <tr><td>bytes, fixed</td><td>a string with one character, U+0000 to U+00FF, per byte, as Avro's JSON encoding</td></tr>
 * <tr><td>date, time-*, timestamp-*, local-timestamp-*</td><td>ISO 8601, for timestamp-* with offset, or the whole
 * number that Avro stores</td></tr>
 * <tr><td>array, map, record</td><td>an array or an object; a record's missing fields need defaults, unknown fields
 * are refused, aliases do not count</td></tr>
 * <tr><td>union</td><td>the bare value, or null, where its JSON type leaves one branch; {@code {"int": 5}} to name the
 * branch. A map beside other branches than null, and a record with a field called like a branch, must be
 * named</td></tr>
 * </table>
 *
 * <p>Documents are strict JSON in UTF-8 without byte order mark: one value, no name twice in an object, numbers of at
 * most 1000 characters, at most 500 levels deep.
 */
public final class JsonToAvro {
    private static final int MAX_DEPTH = 500;

    private static final JsonFactory JSON = new JsonFactoryBuilder()
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            // It would throw an IllegalStateException at documents made of colliding names.
            .disable(JsonFactory.Feature.FAIL_ON_SYMBOL_HASH_OVERFLOW)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    private static final Map<Schema, JsonToAvro> COMPILED = Collections.synchronizedMap(new WeakHashMap<>());

    private final ValueWriter root;

    private JsonToAvro(ValueWriter root) {
        this.root = root;
    }

    /** Returns the converter for a schema, compiling it the first time. Callers on a hot path keep it. */
    public static JsonToAvro forSchema(Schema schema) {
        // A converter does not refer to its schema, so that the map lets go of both together.
        return COMPILED.computeIfAbsent(schema, key -> new JsonToAvro(WriterCompiler.compile(key)));
    }

    /** Converts one document: the same as {@code forSchema(schema).convert(json)}. */
    public static ConversionResult convert(Schema schema, byte[] json) {
        return forSchema(schema).convert(json);
    }

    /**
     * Converts one document. Never throws because of its content.
     *
     * @return the datum, or all errors (the first 1000 of them) in the order of the document. What is not JSON ends the
     *     list, as nothing can be read beyond it.
     */
    public ConversionResult convert(byte[] json) {
        OptionalInt invalid = Utf8Check.firstInvalid(json);
        if (invalid.isPresent()) {
            return rejected("is not UTF-8 at byte " + invalid.getAsInt());
        }
        try (JsonParser parser = JSON.createParser(json)) {
            ConversionContext conversion = new ConversionContext(parser);
            try {
                if (parser.nextToken() == null) {
                    return rejected("is empty; expected one JSON value");
                }
                root.write(conversion);
                if (parser.nextToken() != null) {
                    conversion.error("has more behind the first JSON value; expected one");
                }
            } catch (JsonProcessingException e) {
                conversion.syntaxError("is not JSON: " + problem(e));
            } catch (StackOverflowError e) {
                return rejected("is nested deeper than the stack of this thread holds");
            }
            List<ConversionError> errors = conversion.errors();
            return errors.isEmpty()
                    ? new ConversionResult.Encoded(conversion.out().toByteArray())
                    : new ConversionResult.Rejected(errors);
        } catch (IOException e) {
            throw new UncheckedIOException("Reading from memory can't fail", e);
        }
    }

    private static ConversionResult rejected(String message) {
        return new ConversionResult.Rejected(List.of(new ConversionError("", message)));
    }

    private static String problem(JsonProcessingException e) {
        String where = e.getLocation() == null
                ? ""
                : " (line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr() + ")";
        return (e instanceof JsonEOFException ? "it ends too early" : e.getOriginalMessage()) + where;
    }
}
