package dev.igarape.wire.json;

import static dev.igarape.wire.json.JsonToAvroTest.decode;
import static dev.igarape.wire.json.JsonToAvroTest.errors;
import static org.assertj.core.api.Assertions.assertThat;

import dev.igarape.wire.json.writer.ConversionError;
import java.io.IOException;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.util.Utf8;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonToAvroUnionTest {
    private static final String POINT = "{'type':'record','name':'geo.Point','fields':[{'name':'x','type':'int'}]}";
    private static final String LABEL = "{'type':'record','name':'Label','fields':[{'name':'text','type':'string'}]}";
    private static final String COUNTS = "{'type':'map','values':'int'}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"null |", "\"x\" | x", "{\"string\":\"x\"} | x", "\"\" | ''"})
    void takesNullableValuesBareAndNamed(String json, String value) throws IOException {
        for (String union : new String[] {"['null','string']", "['string','null']"}) {
            Object decoded = decode(union, json);
            assertThat(decoded == null ? null : decoded.toString()).isEqualTo(value);
        }
    }

    @Test
    void refusesNullWhereNoBranchIsNull() {
        assertThat(errors("['string','int']", "null"))
                .containsExactly(new ConversionError("", "expected string or int, got null"));
    }

    @Test
    void takesBareValuesThatLeaveOneBranch() throws IOException {
        String union = "['null','boolean','string','long',{'type':'array','items':'int'}," + POINT + "]";
        assertThat(decode(union, "true")).isEqualTo(true);
        assertThat(decode(union, "\"long\"")).isEqualTo(new Utf8("long"));
        assertThat(decode(union, "7")).isEqualTo(7L);
        assertThat(decode(union, "[7]").toString()).isEqualTo("[7]");
        assertThat(((GenericRecord) decode(union, "{\"x\":7}")).get("x")).isEqualTo(7);
        assertThat(((GenericRecord) decode(union, "{\"geo.Point\":{\"x\":7}}")).get("x"))
                .isEqualTo(7);
    }

    @Test
    void takesAValueForTheOneBranchOfItsTypeEvenIfItDoesNotFit() {
        assertThat(errors("['null','int','string']", "3000000000"))
                .containsExactly(
                        new ConversionError("", "3000000000 is out of range for int (-2147483648 to 2147483647)"));
    }

    @Test
    void wantsNamesWhereSeveralBranchesTakeTheType() throws IOException {
        assertThat(errors("['null','int','long','double','string']", "5"))
                .containsExactly(new ConversionError(
                        "",
                        "the number 5 may be of several types; write it as"
                                + " {\"int\": …} or {\"long\": …} or {\"double\": …}"));
        assertThat(decode("['null','int','long','double','string']", "{\"long\":5}"))
                .isEqualTo(5L);
        assertThat(decode("['null','int','long','double','string']", "{\"double\":5}"))
                .isEqualTo(5.0);
        assertThat(decode("['string','bytes']", "{\"string\":\"x\"}")).isEqualTo(new Utf8("x"));
        assertThat(errors("['string','bytes']", "\"x\"")).hasSize(1);
    }

    @Test
    void pointsIntoNamedValues() {
        String schema = "{'type':'record','name':'R','fields':[{'name':'u','type':['int','long'," + POINT + "]}]}";
        assertThat(errors(schema, "{\"u\":{\"int\":1.5}}"))
                .containsExactly(new ConversionError("/u/int", "1.5 is not a whole number, and int does not round"));
        assertThat(errors(schema, "{\"u\":{\"geo.Point\":{\"x\":\"1\"}}}"))
                .containsExactly(
                        new ConversionError("/u/geo.Point/x", "expected a whole number (int), got the string \"1\""));
    }

    @Test
    void refusesNamedValuesWithMoreMembers() {
        assertThat(errors("['null','string']", "{\"string\":\"x\",\"int\":{\"a\":[1]}}"))
                .containsExactly(new ConversionError(
                        "", "an object that names its type, as {\"string\": …} does, has one member only"));
    }

    @Test
    void refusesUnknownNames() {
        assertThat(errors("['null','string']", "{\"int\":{\"a\":[1]},\"b\":2}"))
                .containsExactly(new ConversionError(
                        "",
                        "expected null or string, got an object that does not name its type; write it as"
                                + " {\"string\": …}"));
        assertThat(errors("['null','string']", "{\"null\":null}")).hasSize(1);
        assertThat(errors("['null','string']", "{}")).hasSize(1);
    }

    @Test
    void takesANullableMapBareOnly() throws IOException {
        assertThat(decode("['null'," + COUNTS + "]", "{\"map\":1}")).isEqualTo(Map.of(new Utf8("map"), 1));
        assertThat(decode("['null'," + COUNTS + "]", "{}")).isEqualTo(Map.of());
        assertThat(errors("['null'," + COUNTS + "]", "{\"map\":{\"a\":1}}"))
                .containsExactly(new ConversionError("/map", "expected a whole number (int), got an object"));
    }

    @Test
    void takesAMapBesideOtherBranchesNamedOnly() throws IOException {
        String union = "['null','string'," + COUNTS + "]";
        assertThat(decode(union, "{\"map\":{\"string\":1}}")).isEqualTo(Map.of(new Utf8("string"), 1));
        assertThat(decode(union, "{\"string\":\"x\"}")).isEqualTo(new Utf8("x"));
        assertThat(decode(union, "\"x\"")).isEqualTo(new Utf8("x"));
        assertThat(errors(union, "{\"a\":1}"))
                .containsExactly(new ConversionError(
                        "",
                        "expected null or string or map, got an object that does not name its type; write it as"
                                + " {\"map\": …}"));
    }

    @Test
    void wantsNamesForSeveralRecords() throws IOException {
        String union = "[" + POINT + "," + LABEL + "]";
        assertThat(((GenericRecord) decode(union, "{\"Label\":{\"text\":\"t\"}}"))
                        .getSchema()
                        .getName())
                .isEqualTo("Label");
        assertThat(errors(union, "{\"text\":\"t\"}"))
                .containsExactly(new ConversionError(
                        "",
                        "expected geo.Point or Label, got an object that does not name its type; write it as"
                                + " {\"geo.Point\": …} or {\"Label\": …}"));
    }

    @Test
    void neverTakesAFieldForABranch() throws IOException {
        String box = "{'type':'record','name':'Box','fields':[{'name':'string','type':'string'}]}";
        assertThat(decode("['null'," + box + "]", "{\"string\":\"x\"}").toString())
                .isEqualTo("{\"string\": \"x\"}");
        assertThat(decode("['null','string'," + box + "]", "{\"string\":\"x\"}"))
                .isEqualTo(new Utf8("x"));
        assertThat(decode("['null','string'," + box + "]", "{\"Box\":{\"string\":\"x\"}}")
                        .toString())
                .isEqualTo("{\"string\": \"x\"}");
        String self = "{'type':'record','name':'Self','fields':[{'name':'Self','type':'int'}]}";
        assertThat(decode("['null'," + self + "]", "{\"Self\":5}").toString()).isEqualTo("{\"Self\": 5}");
    }

    @Test
    void takesRecursionThroughUnions() throws IOException {
        String tree = "{'type':'record','name':'Tree','fields':[{'name':'kids','type':"
                + "{'type':'array','items':['string','Tree']}}]}";
        assertThat(decode(tree, "{\"kids\":[\"a\",{\"kids\":[]},{\"Tree\":{\"kids\":[\"b\"]}}]}")
                        .toString())
                .isEqualTo("{\"kids\": [\"a\", {\"kids\": []}, {\"kids\": [\"b\"]}]}");
    }
}
