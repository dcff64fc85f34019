package dev.igarape.jobs.landing.files.content;

import static dev.igarape.jobs.landing.files.content.ReadRecords.csv;
import static dev.igarape.jobs.landing.files.content.ReadRecords.json;
import static dev.igarape.jobs.landing.files.content.ReadRecords.lines;
import static dev.igarape.jobs.landing.files.content.ReadRecords.shown;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds of CSV and JSON files alike: line ends, encodings, empty files. */
final class RecordsTest {
    @ParameterizedTest(name = "PapaParse#43: {0}")
    @ValueSource(strings = {"\\n", "\\r\\n", "\\r"})
    void linesEndAsOnAnySystem(String shown) throws IOException {
        String end = shown.translateEscapes();
        assertThat(csv(String.join(end, "id,name", "1,ana", "2,\"b\ri\na\"", "3,", ""), ','))
                .containsExactly("2 {id=1, name=ana}", "3 {id=2, name=b\ri\na}", "6 {id=3, name=null}");
        assertThat(json(String.join(end, "{\"a\":1}", "", "[2]"))).containsExactly("1 {\"a\":1}", "2 blank", "3 [2]");
    }

    @Test
    void linesOfOneFileMayEndDifferently() throws IOException {
        assertThat(csv("a,b\r1,2\n3,4\r\n5,6\r\r\n7,8", ','))
                .containsExactly("2 {a=1, b=2}", "3 {a=3, b=4}", "4 {a=5, b=6}", "5 blank", "6 {a=7, b=8}");
        assertThat(json("1\r2\n3\r\n4")).containsExactly("1 1", "2 2", "3 3", "4 4");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "windows-1252",
                "iso-8859-1",
                "iso-8859-15",
                "utf-16",
                "utf-16le",
                "utf-16be",
                "utf-32",
                "x-UTF-16LE-BOM",
                "ibm850",
                "IBM1047",
                "gb18030",
                "utf-8"
            })
    void readsFilesInTheirEncoding(String encoding) throws IOException {
        Charset charset = Charset.forName(encoding);
        byte[] csv = "ação;preço\r\n1;\"é\n;\"\r2;ü\n".getBytes(charset);
        Records records = new CsvRecords(lines(csv, charset), ';', List.of());
        assertThat(shown(records)).containsExactly("2 {ação=1, preço=é\n;}", "4 {ação=2, preço=ü}");
        byte[] json = "{\"a\": \"é\"}\n\n[\"ü\"]\n".getBytes(charset);
        assertThat(shown(new JsonRecords(lines(json, charset), () -> lines(json, charset))))
                .containsExactly("1 {\"a\": \"é\"}", "2 blank", "3 [\"ü\"]");
    }

    @Test
    void aByteOrderMarkSaysMoreThanTheDefinition() throws IOException {
        for (String encoding : List.of("utf-8", "utf-16le", "utf-16be", "utf-32le", "utf-32be")) {
            byte[] file = "\uFEFFid\n€\n".getBytes(Charset.forName(encoding));
            Records records = new CsvRecords(lines(file, Charset.forName("windows-1252")), ',', List.of());
            assertThat(shown(records)).as(encoding).containsExactly("2 {id=€}");
        }
        byte[] unmarked = "id\n1\n".getBytes(StandardCharsets.UTF_16LE);
        assertThat(shown(new CsvRecords(lines(unmarked, StandardCharsets.UTF_16), ',', List.of())))
                .containsExactly("2 {id=1}");
    }

    @Test
    void whatAnEncodingLacksIsKeptAsBytes() throws IOException {
        byte[] latin = {'a', '\n', (byte) 0xe7, '\n', (byte) 0x81, '\n', 'y', '\n'};
        assertThat(shown(new CsvRecords(lines(latin, Charset.forName("windows-1252")), ',', List.of())))
                .containsExactly(
                        "2 {a=ç}",
                        "3 bad_encoding: it is no text in windows-1252; say what the files are in by the landing's"
                                + " `encoding` [\uFFFD]",
                        "4 {a=y}");
        byte[] odd = {0, 'a', 0, '\n', 0, 'x', 0, '\n', (byte) 0xd8, 0, 0, '\n', 0, 'y', 0, '\n', 0};
        Records records = new CsvRecords(lines(odd, StandardCharsets.UTF_16BE), ',', List.of());
        assertThat(shown(records))
                .hasSize(4)
                .contains("2 {a=x}", "4 {a=y}")
                .element(1)
                .asString()
                .startsWith("3 bad_e");
    }

    @Test
    void aHeaderInAnotherEncodingNamesTheRemedy() throws IOException {
        byte[] file = "ação\n1\n".getBytes(StandardCharsets.ISO_8859_1);
        assertThat(shown(new CsvRecords(lines(file), ',', List.of())))
                .hasSize(2)
                .allMatch(shown -> shown.contains("bad_header: the line of column names: it is no text in UTF-8")
                        && shown.contains("encoding: windows-1252"));
    }

    @Test
    void emptyFilesHoldNothing() throws IOException {
        assertThat(csv("", ',')).isEmpty();
        assertThat(csv("id,note\n", ',')).isEmpty();
        assertThat(csv("\uFEFF", ',')).isEmpty();
        assertThat(json(" \n\n")).containsExactly("1 blank", "2 blank");
    }
}
