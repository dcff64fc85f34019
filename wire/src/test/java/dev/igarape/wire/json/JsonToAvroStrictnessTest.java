package dev.igarape.wire.json;

import static dev.igarape.wire.json.JsonToAvroTest.decode;
import static dev.igarape.wire.json.JsonToAvroTest.errors;
import static dev.igarape.wire.json.JsonToAvroTest.schema;
import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.wire.json.writer.ConversionError;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonToAvroStrictnessTest {
    private static final String TREE = "{'type':'record','name':'T','fields':["
            + "{'name':'k','type':['null',{'type':'array','items':'T'}],'default':null}]}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"a\":NaN}            | /a   | Non-standard token 'NaN'",
                "{\"a\":Infinity}       | /a   | Non-standard token 'Infinity'",
                "{\"a\":01}             | /a   | Invalid numeric value: Leading zeroes not allowed",
                "{\"a\":+1}             | /a   | Unexpected character ('+'",
                "{\"a\":.5}             | /a   | Unexpected character ('.'",
                "{\"a\":1.}             | /a   | Unexpected character ('}' (code 125)) in numeric value: Decimal point",
                "{\"a\":1,}             | /a   | Unexpected character ('}'",
                "{\"a\":1               | /a   | it ends too early",
                "{\"a\":                | /a   | it ends too early",
                "{\"a\":1}}             | ``   | Unexpected close marker '}'",
                "{'a':1}                | ``   | Unexpected character (''' (code 39))",
                "{a:1}                  | ``   | Unexpected character ('a'",
                "{\"a\":1} // done      | ``   | Unexpected character ('/'",
                "{\"a\":1} x            | ``   | Unrecognized token 'x'",
                "{\"b\":[1,{\"c\":tru}]} | /b/1/c | Unrecognized token 'tru'",
            })
    void refusesWhatIsNotJson(String json, String pointer, String message) {
        List<ConversionError> errors = errors("{'type':'map','values':'int'}", json);
        ConversionError last = errors.get(errors.size() - 1);
        assertThat(last.pointer()).isEqualTo(pointer);
        assertThat(last.message()).startsWith("is not JSON: " + message).containsPattern("\\(line 1, column \\d+\\)$");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n\t"})
    void refusesNothing(String json) {
        assertThat(errors("'int'", json)).containsExactly(new ConversionError("", "is empty; expected one JSON value"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1 2", "1\n{\"a\":1}", "1 null"})
    void refusesMoreThanOneValue(String json) {
        assertThat(errors("'int'", json))
                .containsExactly(new ConversionError("", "has more behind the first JSON value; expected one"));
    }

    @Test
    void keepsTheFaultsInFrontOfASyntaxError() {
        List<ConversionError> errors = errors("{'type':'array','items':'int'}", "[1.5,true,nul]");
        assertThat(errors).extracting(ConversionError::pointer).containsExactly("/0", "/1", "/2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "22ff22", // no lead byte
                "22c0af22", // overlong
                "22c322", // cut short
                "22eda080edb08022", // a surrogate pair encoded byte by byte
                "22f490808022", // beyond U+10FFFF
                "2261616161616161616161616161616161fe22",
            })
    void refusesInvalidUtf8(String hex) {
        ConversionResult converted =
                JsonToAvro.convert(schema("'string'"), HexFormat.of().parseHex(hex));
        assertThat(((ConversionResult.Rejected) converted).errors())
                .singleElement()
                .satisfies(fault -> assertThat(fault.message()).matches("is not UTF-8 at byte \\d+"));
    }

    @Test
    void refusesOtherEncodingsAndByteOrderMarks() {
        for (byte[] bytes : List.of(
                "\"abc\"".getBytes(StandardCharsets.UTF_16LE),
                "\"abc\"".getBytes(StandardCharsets.UTF_16BE),
                "\ufeff\"abc\"".getBytes(StandardCharsets.UTF_8),
                "\ufeff\"abc\"".getBytes(StandardCharsets.UTF_16LE))) {
            assertThat(JsonToAvro.convert(schema("'string'"), bytes)).isInstanceOf(ConversionResult.Rejected.class);
        }
    }

    @Test
    void takesFiveHundredLevelsAndNoMoreOnASmallStack() throws Exception {
        AtomicReference<Object> deep = new AtomicReference<>();
        AtomicReference<Object> deeper = new AtomicReference<>();
        Runnable conversions = () -> {
            deep.set(convertNested(249));
            deeper.set(convertNested(251));
        };
        Thread thread = new Thread(null, conversions, "small stack", 512 * 1024);
        thread.start();
        thread.join();

        assertThat(deep.get()).isInstanceOf(ConversionResult.Encoded.class);
        assertThat(((ConversionResult.Rejected) deeper.get()).errors())
                .singleElement()
                .satisfies(fault -> assertThat(fault.message())
                        .contains("Depth (501) exceeds the maximum allowed nesting depth (500)"));
    }

    @Test
    void refusesWhatIsLeftOfTheStackCannotHold() throws Exception {
        AtomicReference<Object> outcome = new AtomicReference<>();
        assertThat(convertNested(200)).isInstanceOf(ConversionResult.Encoded.class);
        Runnable conversions = () -> outcome.set(convertBelow(20_000_000));
        Thread thread = new Thread(null, conversions, "full stack", 512 * 1024);
        thread.start();
        thread.join();

        assertThat(outcome.get())
                .isEqualTo(new ConversionResult.Rejected(
                        List.of(new ConversionError("", "is nested deeper than the stack of this thread holds"))));
    }

    @Test
    void refusesDeepNestingInUnknownFields() {
        List<ConversionError> errors = errors(TREE, "{\"x\":" + "[".repeat(100_000));
        assertThat(errors).extracting(ConversionError::pointer).containsExactly("/x", "/x" + "/0".repeat(499));
    }

    @Test
    void refusesEndlessNumbers() {
        assertThat(errors("{'type':'array','items':'double'}", "[" + "9".repeat(100_000) + "]"))
                .singleElement()
                .satisfies(fault -> assertThat(fault.message()).contains("exceeds the maximum"));
    }

    @Test
    void survivesNamesMadeToCollide() throws IOException {
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < 4096; i++) {
            // Strings of equal hash code: each bit picks "Aa" or "BB".
            StringBuilder name = new StringBuilder();
            for (int bit = 0; bit < 12; bit++) {
                name.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            json.append(i == 0 ? "" : ",")
                    .append('"')
                    .append(name)
                    .append("\":")
                    .append(i);
        }
        assertThat((Map<?, ?>)
                        decode("{'type':'map','values':'int'}", json.append('}').toString()))
                .hasSize(4096);
    }

    @Test
    void isSharedBetweenThreads() {
        Schema map = schema("{'type':'map','values':'long'}");
        JsonToAvro converter = JsonToAvro.forSchema(map);
        List<Integer> lengths = IntStream.range(0, 2000)
                .parallel()
                .mapToObj(i -> ("{\"key\":" + (i % 10) + "}").getBytes(StandardCharsets.UTF_8))
                .map(json -> ((ConversionResult.Encoded) converter.convert(json)).avro().length)
                .distinct()
                .toList();
        assertThat(lengths).containsExactly(7);
    }

    /** Fills the stack, and converts as soon as there is room to start with. */
    private static ConversionResult convertBelow(int frames) {
        if (frames == 0) {
            return convertNested(200);
        }
        try {
            return convertBelow(frames - 1);
        } catch (StackOverflowError e) {
            return convertNested(200);
        }
    }

    private static ConversionResult convertNested(int records) {
        String json = "{\"k\":[".repeat(records) + "{}" + "]}".repeat(records);
        return JsonToAvro.convert(schema(TREE), json.getBytes(StandardCharsets.UTF_8));
    }
}
