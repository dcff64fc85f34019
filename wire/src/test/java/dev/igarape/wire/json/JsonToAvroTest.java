package dev.igarape.wire.json;

import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.wire.json.writer.ConversionError;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.avro.Conversions;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonToAvroTest {

    // --- numbers

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "-0, 0",
        "1.0, 1",
        "1e3, 1000",
        "12.50e1, 125",
        "2147483647, 2147483647",
        "-2147483648, -2147483648"
    })
    void takesWholeNumbersAsInt(String json, int value) throws IOException {
        assertThat(decode("'int'", json)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "3000000000   | 3000000000 is out of range for int (-2147483648 to 2147483647)",
                "-2147483649  | -2147483649 is out of range for int (-2147483648 to 2147483647)",
                "1e10         | 1e10 is out of range for int (-2147483648 to 2147483647)",
                "1e999999999  | 1e999999999 is out of range for int (-2147483648 to 2147483647)",
                "1e9999999999 | 1e9999999999 is out of range for int (-2147483648 to 2147483647)",
                "99999999999999999999999999 | 99999999999999999999999999 is out of range for int (-2147483648 to 2147483647)",
                "1.5          | 1.5 is not a whole number, and int does not round",
                "1e-1         | 1e-1 is not a whole number, and int does not round",
                "1e-999999999 | 1e-999999999 is not a whole number, and int does not round",
                "\"5\"        | expected a whole number (int), got the string \"5\"",
                "true         | expected a whole number (int), got true",
                "null         | expected a whole number (int), got null",
                "[1]          | expected a whole number (int), got an array",
                "{\"a\":1}    | expected a whole number (int), got an object",
            })
    void refusesWhatIsNoInt(String json, String message) {
        assertThat(errors("'int'", json)).containsExactly(new ConversionError("", message));
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MIN_VALUE, -1, 0, 1, 9007199254740993L, Long.MAX_VALUE})
    void takesEveryLong(long value) throws IOException {
        assertThat(decode("'long'", Long.toString(value))).isEqualTo(value);
        assertThat(decode("'long'", value + ".0")).isEqualTo(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"9223372036854775808", "-9223372036854775809", "9223372036854775807.5", "1e19"})
    void refusesWhatIsNoLong(String json) {
        assertThat(errors("'long'", json)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "0.1, 0.1",
        "-0.0, -0.0",
        "5, 5",
        "1e308, 1e308",
        "9007199254740992, 9007199254740992",
        "1e23, 1e23",
        "9007199254740994, 9007199254740994",
        "4.9e-324, 4.9e-324",
        "0e-9999, 0",
        "0.12345678901234567890, 0.12345678901234568"
    })
    void takesNumbersAsDouble(String json, double value) throws IOException {
        assertThat(decode("'double'", json)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "9007199254740993   | 9007199254740993 can't be a double exactly; the nearest is 9007199254740992",
                "9007199254740993.0 | 9007199254740993.0 can't be a double exactly; the nearest is 9007199254740992",
                "9223372036854775807 | 9223372036854775807 can't be a double exactly; the nearest is 9223372036854775808",
                "1e309              | 1e309 is out of range for double",
                "-1e999999999       | -1e999999999 is out of range for double",
                "1e-400             | 1e-400 is too close to zero for double, and would become 0",
                "\"NaN\"            | expected a number (double), got the string \"NaN\"",
            })
    void refusesWhatIsNoDouble(String json, String message) {
        assertThat(errors("'double'", json)).containsExactly(new ConversionError("", message));
    }

    @Test
    void holdsFloatsToTheSameRules() throws IOException {
        assertThat(decode("'float'", "0.1")).isEqualTo(0.1f);
        assertThat(decode("'float'", "16777216")).isEqualTo(16777216f);
        assertThat(errors("'float'", "16777217"))
                .containsExactly(new ConversionError("", "16777217 can't be a float exactly; the nearest is 16777216"));
        assertThat(errors("'float'", "1e39"))
                .containsExactly(new ConversionError("", "1e39 is out of range for float"));
        assertThat(errors("'float'", "1e-50"))
                .containsExactly(new ConversionError("", "1e-50 is too close to zero for float, and would become 0"));
    }

    @ParameterizedTest
    @CsvSource({
        "12.34, 12.34",
        "12.3, 12.30",
        "12.3400, 12.34",
        "-99.99, -99.99",
        "0, 0.00",
        "0.00, 0.00",
        "1e1, 10.00",
        "'\"12.34\"', 12.34",
        "'\"-0.5\"', -0.50",
        "12e-1, 1.20",
        "0e999999999, 0.00"
    })
    void takesDecimals(String json, BigDecimal value) throws IOException {
        Schema bytes = schema("{'type':'bytes','logicalType':'decimal','precision':4,'scale':2}");
        Schema fixed = schema("{'type':'fixed','name':'D','size':6,'logicalType':'decimal','precision':4,'scale':2}");
        LogicalTypes.Decimal type = LogicalTypes.decimal(4, 2);
        Conversions.DecimalConversion conversion = new Conversions.DecimalConversion();
        assertThat(conversion.fromBytes((ByteBuffer) decode(bytes, json), bytes, type))
                .isEqualTo(value);
        assertThat(conversion.fromFixed((GenericData.Fixed) decode(fixed, json), fixed, type))
                .isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "12.345       | 12.345 has more than 2 digits after the point, and decimal(4, 2) does not round",
                "100          | 100 has too many digits for decimal(4, 2)",
                "1e999999999  | 1e999999999 has too many digits for decimal(4, 2)",
                "1e-999999999 | 1e-999999999 has more than 2 digits after the point, and decimal(4, 2) does not round",
                "1e9999999999 | 1e9999999999 has too many digits for decimal(4, 2)",
                "\"1,5\"      | expected a number, or a string with one (decimal(4, 2)), got the string \"1,5\"",
                "\"\u0661\"   | expected a number, or a string with one (decimal(4, 2)), got the string \"\u0661\"",
                "\"+1\"       | expected a number, or a string with one (decimal(4, 2)), got the string \"+1\"",
                "\" 1\"       | expected a number, or a string with one (decimal(4, 2)), got the string \" 1\"",
                "true         | expected a number, or a string with one (decimal(4, 2)), got true",
            })
    void refusesDecimalsThatWouldChange(String json, String message) {
        assertThat(errors("{'type':'bytes','logicalType':'decimal','precision':4,'scale':2}", json))
                .containsExactly(new ConversionError("", message));
    }

    // --- dates and times

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "int  | date                   | \"2024-01-31\"                        | 19753",
                "int  | date                   | \"1969-12-31\"                        | -1",
                "int  | date                   | 19753                                 | 19753",
                "int  | time-millis            | \"12:30:15.123\"                      | 45015123",
                "int  | time-millis            | \"12:30\"                             | 45000000",
                "int  | time-millis            | 86399999                              | 86399999",
                "long | time-micros            | \"12:30:15.123456\"                   | 45015123456",
                "long | timestamp-millis       | \"2024-01-31T12:30:15.123Z\"          | 1706704215123",
                "long | timestamp-millis       | \"2024-01-31T12:30:15.123+02:00\"     | 1706697015123",
                "long | timestamp-millis       | \"1969-12-31T23:59:59.999Z\"          | -1",
                "long | timestamp-millis       | 1706704215123                         | 1706704215123",
                "long | timestamp-micros       | \"2024-01-31T12:30:15.123456Z\"       | 1706704215123456",
                "long | timestamp-micros       | \"1969-12-31T23:59:59.999999Z\"       | -1",
                "long | local-timestamp-millis | \"2024-01-31T12:30:15.123\"           | 1706704215123",
                "long | local-timestamp-micros | \"2024-01-31T12:30:15.123456\"        | 1706704215123456",
            })
    void takesIsoDatesAndTimes(String type, String logicalType, String json, long value) throws IOException {
        Object decoded = decode("{'type':'" + type + "','logicalType':'" + logicalType + "'}", json);
        assertThat(((Number) decoded).longValue()).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "int  | date                   | \"2024-02-30\"                    | expected a date such as",
                "int  | date                   | \"2024-1-1\"                      | expected a date such as",
                "int  | date                   | \"2024-01-31T00:00:00Z\"          | expected a date such as",
                "int  | date                   | \"+999999999-01-01\"              | is out of range for date",
                "int  | date                   | 1.5                               | is not a whole number",
                "int  | date                   | 3000000000                        | is out of range for date",
                "int  | date                   | {}                                | expected a date such as",
                "int  | time-millis            | \"12:30:15.1234\"                 | is more precise than time-millis",
                "int  | time-millis            | \"24:00:00\"                      | expected a time such as",
                "int  | time-millis            | 86400000                          | is out of range for time-millis",
                "int  | time-millis            | -1                                | is out of range for time-millis",
                "long | time-micros            | \"12:30:15.1234567\"              | is more precise than time-micros",
                "long | timestamp-millis       | \"2024-01-31T12:30:15\"           | expected a timestamp with its offset",
                "long | timestamp-millis       | \"2024-01-31 12:30:15Z\"          | expected a timestamp with its offset",
                "long | timestamp-millis       | \"2024-01-31T12:30:15.1234Z\"     | is more precise than timestamp-millis",
                "long | timestamp-millis       | \"2023-02-29T12:30:15Z\"          | expected a timestamp with its offset",
                "long | timestamp-micros       | \"2024-01-31T12:30:15.1234567Z\"  | is more precise than timestamp-micros",
                "long | timestamp-micros       | \"+999999999-01-31T12:30:15Z\"    | is out of range for timestamp-micros",
                "long | local-timestamp-millis | \"2024-01-31T12:30:15Z\"          | expected a timestamp without offset",
                "long | timestamp-millis       | \"1706704215123\"                 | expected a timestamp with its offset",
            })
    void refusesDatesAndTimesThatAreNone(String type, String logicalType, String json, String message) {
        List<ConversionError> errors = errors("{'type':'" + type + "','logicalType':'" + logicalType + "'}", json);
        assertThat(errors)
                .singleElement()
                .satisfies(fault -> assertThat(fault.message()).contains(message));
    }

    // --- text and bytes

    @Test
    void takesUuidsAsSpelled() throws IOException {
        String uuid = "{'type':'string','logicalType':'uuid'}";
        assertThat(decode(uuid, "\"123E4567-e89b-12d3-a456-426614174000\"").toString())
                .isEqualTo("123E4567-e89b-12d3-a456-426614174000");
        assertThat(errors(uuid, "\"1-1-1-1-1\"")).hasSize(1);
    }

    @Test
    void takesBytesAsAvroWritesThem() throws IOException {
        assertThat(decode("'bytes'", "\"\\u0000A\\u00ff\"")).isEqualTo(ByteBuffer.wrap(new byte[] {0, 65, -1}));
        assertThat(errors("'bytes'", "\"a\u20ac\""))
                .containsExactly(new ConversionError(
                        "", "character 2 is U+20AC; bytes are written as characters from U+0000 to U+00FF"));
    }

    @Test
    void checksTheSizeOfFixed() throws IOException {
        String fixed = "{'type':'fixed','name':'F','size':2}";
        assertThat(((GenericData.Fixed) decode(fixed, "\"\u00e9b\"")).bytes()).isEqualTo(new byte[] {(byte) 0xe9, 98});
        assertThat(errors(fixed, "\"abc\""))
                .containsExactly(new ConversionError("", "expected 2 bytes, one per character, got 3"));
    }

    @Test
    void checksEnumSymbolsEvenWithADefault() throws IOException {
        String suit = "{'type':'enum','name':'S','symbols':['HEARTS','SPADES'],'default':'SPADES'}";
        assertThat(decode(suit, "\"SPADES\"").toString()).isEqualTo("SPADES");
        assertThat(errors(suit, "\"spades\""))
                .containsExactly(new ConversionError("", "expected one of HEARTS, SPADES, got the string \"spades\""));
        assertThat(errors(suit, "1"))
                .containsExactly(new ConversionError("", "expected one of HEARTS, SPADES, got the number 1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "\u00e9", "\u20ac", "\ud83d\ude00", "\u0000", "a\u07ffb\uffff"})
    void takesAllText(String text) throws IOException {
        assertThat(decode("'string'", '"' + text.replace("\u0000", "\\u0000") + '"')
                        .toString())
                .isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"\\ud83d\"", "\"\\ude00\"", "\"\\ude00\\ud83d\"", "\"\\ud83dx\""})
    void refusesHalfSurrogatePairs(String json) {
        assertThat(errors("'string'", json))
                .containsExactly(
                        new ConversionError("", "the string has half a surrogate pair, which is no character"));
        assertThat(errors("{'type':'map','values':'int'}", "{" + json + ":1}"))
                .singleElement()
                .satisfies(fault -> assertThat(fault.message()).contains("half a surrogate pair"));
    }

    // --- records

    @Test
    void putsFieldsIntoTheSchemasOrderAndFillsDefaults() throws IOException {
        String schema = "{'type':'record','name':'R','fields':["
                + "{'name':'a','type':'int'},{'name':'b','type':'string','default':'x'},"
                + "{'name':'c','type':['null','long'],'default':null},{'name':'d','type':{'type':'array','items':'int'}},"
                + "{'name':'e','type':{'type':'bytes','logicalType':'decimal','precision':4,'scale':2},'default':'\\u0001'}]}";
        GenericRecord record = (GenericRecord) decode(schema, "{\"d\":[1,2],\"a\":7}");
        assertThat(record.get("a")).isEqualTo(7);
        assertThat(record.get("b").toString()).isEqualTo("x");
        assertThat(record.get("c")).isNull();
        assertThat(record.get("d")).isEqualTo(List.of(1, 2));
        assertThat(record.get("e")).isEqualTo(ByteBuffer.wrap(new byte[] {1}));
    }

    @Test
    void reportsEveryFaultWithItsPointer() {
        String schema = "{'type':'record','name':'n.R','fields':["
                + "{'name':'a','type':'int'},{'name':'b','type':{'type':'record','name':'B','fields':["
                + "{'name':'c','type':'string'},{'name':'d','type':{'type':'array','items':'long'}}]}},"
                + "{'name':'m','type':{'type':'map','values':'int'}},{'name':'u','type':['null','int'],'aliases':['v']}]}";
        String json = "{\"a\":1.5,\"x/y~z\":{\"deep\":[1]},"
                + "\"b\":{\"d\":[1,\"2\",3,4.5],\"e\":1},\"m\":{\"k/1\":null,\"\":\"v\"},\"v\":1,\"a\":2}";
        assertThat(errors(schema, json))
                .containsExactly(
                        new ConversionError("/a", "1.5 is not a whole number, and int does not round"),
                        new ConversionError("/x~1y~0z", "is not a field of n.R"),
                        new ConversionError("/b/d/1", "expected a whole number (long), got the string \"2\""),
                        new ConversionError("/b/d/3", "4.5 is not a whole number, and long does not round"),
                        new ConversionError("/b/e", "is not a field of n.B"),
                        new ConversionError("/b/c", "is missing, and has no default"),
                        new ConversionError("/m/k~11", "expected a whole number (int), got null"),
                        new ConversionError("/m/", "expected a whole number (int), got the string \"v\""),
                        new ConversionError("/v", "is not a field of n.R"),
                        new ConversionError("/a", "appears more than once"),
                        new ConversionError("/u", "is missing, and has no default"));
    }

    @Test
    void refusesNamesThatComeTwiceInAMap() {
        assertThat(errors("{'type':'map','values':'int'}", "{\"a\":1,\"a\":{\"x\":2},\"b\":3}"))
                .containsExactly(new ConversionError("/a", "appears more than once"));
    }

    @Test
    void followsRecursiveTypes() throws IOException {
        String schema = "{'type':'record','name':'L','fields':["
                + "{'name':'v','type':'int'},{'name':'next','type':['null','L'],'default':null}]}";
        GenericRecord head = (GenericRecord) decode(schema, "{\"next\":{\"v\":2,\"next\":{\"v\":3}},\"v\":1}");
        GenericRecord second = (GenericRecord) head.get("next");
        assertThat(second.get("v")).isEqualTo(2);
        assertThat(((GenericRecord) second.get("next")).get("v")).isEqualTo(3);
        assertThat(errors(schema, "{\"next\":{\"v\":2,\"next\":{\"w\":3}},\"v\":1}"))
                .containsExactly(
                        new ConversionError("/next/next/w", "is not a field of L"),
                        new ConversionError("/next/next/v", "is missing, and has no default"));
    }

    @Test
    void saysWhenADefaultIsNotValid() {
        Schema schema = new Schema.Parser()
                .setValidateDefaults(false)
                .parse("{\"type\":\"record\",\"name\":\"R\",\"fields\":["
                        + "{\"name\":\"a\",\"type\":\"int\",\"default\":3000000000}]}");
        assertThat(JsonToAvro.convert(schema, "{\"a\":1}".getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(ConversionResult.Encoded.class);
        assertThat(errors(schema, "{}")).singleElement().satisfies(fault -> {
            assertThat(fault.pointer()).isEqualTo("/a");
            assertThat(fault.message()).startsWith("is missing, and its default in the schema is not valid");
        });
    }

    @Test
    void stopsListingFaultsAtAThousand() {
        List<ConversionError> errors = errors("{'type':'array','items':'int'}", "[" + "true,".repeat(2000) + "true]");
        assertThat(errors).hasSize(1001);
        assertThat(errors.get(999).pointer()).isEqualTo("/999");
        assertThat(errors.get(1000))
                .isEqualTo(new ConversionError("", "there are more faults; the first 1000 are listed"));
    }

    @Test
    void compilesASchemaOnce() {
        Schema schema = schema("{'type':'record','name':'R','fields':[]}");
        assertThat(JsonToAvro.forSchema(schema)).isSameAs(JsonToAvro.forSchema(schema));
    }

    static List<ConversionError> errors(String schema, String json) {
        return errors(schema(schema), json);
    }

    static List<ConversionError> errors(Schema schema, String json) {
        ConversionResult converted = JsonToAvro.convert(schema, json.getBytes(StandardCharsets.UTF_8));
        assertThat(converted).isInstanceOf(ConversionResult.Rejected.class);
        return ((ConversionResult.Rejected) converted).errors();
    }

    static Object decode(String schema, String json) throws IOException {
        return decode(schema(schema), json);
    }

    static Object decode(Schema schema, String json) throws IOException {
        ConversionResult converted = JsonToAvro.convert(schema, json.getBytes(StandardCharsets.UTF_8));
        assertThat(converted).isInstanceOf(ConversionResult.Encoded.class);
        BinaryDecoder decoder = DecoderFactory.get().binaryDecoder(((ConversionResult.Encoded) converted).avro(), null);
        Object datum = new GenericDatumReader<Object>(schema).read(null, decoder);
        assertThat(decoder.isEnd()).as("all bytes are used").isTrue();
        return datum;
    }

    static Schema schema(String json) {
        return new Schema.Parser().parse(json.replace('\'', '"'));
    }
}
