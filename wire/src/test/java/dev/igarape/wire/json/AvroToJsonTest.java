package dev.igarape.wire.json;

import static dev.igarape.wire.json.JsonToAvroTest.schema;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.wire.serde.WireFormat;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.apache.avro.Schema;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AvroToJsonTest {
    private static final Schema EVENT = schema("{'type':'record','name':'E','fields':["
            + "{'name':'who','type':['null','string']},"
            + "{'name':'at','type':{'type':'long','logicalType':'timestamp-millis'}},"
            + "{'name':'day','type':{'type':'int','logicalType':'date'}},"
            + "{'name':'price','type':{'type':'bytes','logicalType':'decimal','precision':6,'scale':2}},"
            + "{'name':'extra','type':['null','int',{'type':'map','values':'double'}]},"
            + "{'name':'raw','type':'bytes'}]}");
    private static final String JSON = "{\"who\":\"ana\",\"at\":\"2024-01-31T12:30:15.123Z\",\"day\":\"2024-01-31\","
            + "\"price\":12.30,\"extra\":{\"map\":{\"a\":0.5}},\"raw\":\"\u00ff!\"}";

    @Test
    void writesForPeople() {
        assertThat(AvroToJson.toJson(EVENT, datum())).isEqualTo(JSON);
    }

    @Test
    void readsBehindAHeader() {
        byte[] message = WireFormat.frame(7, datum());
        assertThat(AvroToJson.toJson(EVENT, message, 5, message.length - 5)).isEqualTo(JSON);
    }

    @ParameterizedTest
    @CsvSource({
        "double, 000000000000f87f, '\"NaN\"'",
        "double, 000000000000f0ff, '\"-Infinity\"'",
        "float, 0000807f, '\"Infinity\"'"
    })
    void writesWhatJsonHasNoNumberForAsText(String type, String hex, String json) {
        assertThat(AvroToJson.toJson(schema("'" + type + "'"), HexFormat.of().parseHex(hex)))
                .isEqualTo(json);
    }

    @Test
    void writesTimesBeyondTheDayAsStored() {
        assertThat(AvroToJson.toJson(schema("{'type':'int','logicalType':'time-millis'}"), new byte[] {1}))
                .isEqualTo("-1");
    }

    @ParameterizedTest
    @CsvSource({
        "'int', ''",
        "'int', 0200",
        "'string', 08616263",
        "'{''type'':''enum'',''name'':''E'',''symbols'':[''A'']}', 02",
        "'[''null'',''int'']', 04",
        "'{''type'':''array'',''items'':''null''}', feffffffffffffff7f00",
        "'{''type'':''array'',''items'':''long''}', eeffffff0f"
    })
    void refusesWhatIsNotOneDatum(String type, String hex) {
        String json = type.startsWith("{") || type.startsWith("[") ? type : "'" + type + "'";
        assertThatThrownBy(() -> AvroToJson.toJson(schema(json), HexFormat.of().parseHex(hex)))
                .isInstanceOf(SerializationException.class)
                .hasMessageStartingWith("The bytes are no datum of ");
    }

    @ParameterizedTest
    @CsvSource({"string, a08d0661, 50000", "bytes, a08d0661, 50000", "string, 01, -1"})
    void makesNoRoomForBytesThatAreNotThere(String type, String hex, long length) {
        assertThatThrownBy(() -> AvroToJson.toJson(
                        schema("'" + type + "'"), HexFormat.of().parseHex(hex)))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("it claims a length of " + length + ", but");
    }

    @Test
    void refusesEndlessNesting() {
        Schema list = schema("{'type':'record','name':'L','fields':[{'name':'next','type':['null','L']}]}");
        assertThatThrownBy(() -> AvroToJson.toJson(list, "\u0002".repeat(50_000).getBytes(StandardCharsets.UTF_8)))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("more than 1000 levels deep");
    }

    private static byte[] datum() {
        return ((ConversionResult.Encoded) JsonToAvro.convert(EVENT, JSON.getBytes(StandardCharsets.UTF_8))).avro();
    }
}
