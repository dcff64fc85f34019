package dev.igarape.jobs.landing.files.content;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class RecordsTest {
    @Test
    void readsQuotedCellsOverSeveralLines() throws IOException {
        assertThat(csv("\uFEFFid;note\r\n1;\"a;\"\"b\"\"\r\nc\"\r\n\r\n2;\n3;\"\"", ';'))
                .containsExactly("2 {id=1, note=a;\"b\"\r\nc}", "4 blank", "5 {id=2, note=null}", "6 {id=3, note=}");
    }

    @Test
    void keepsTheTextAsReceived() throws IOException {
        Records records =
                new CsvRecords(lines("a,b\r\n\"x\ny\",é\r\n".getBytes(StandardCharsets.UTF_8)), ',', List.of());
        assertThat(records.next()).contains(new FileRecord.Structure(1, 1));
        assertThat(((FileRecord.Valid) records.next().orElseThrow()).body()).isEqualTo("\"x\ny\",é");
    }

    @Test
    void aBrokenQuoteCostsItsLineAlone() throws IOException {
        assertThat(csv("id,note\n1,\"open\n2,fine\n3,in\"side\n4,\"a\"b\n5,fine\n6,\"open at the end\n7,x\n", ','))
                .containsExactly(
                        "2 broken_quotes: text follows the closing quote of cell 2 [1,\"open]",
                        "3 {id=2, note=fine}",
                        "4 broken_quotes: a quote stands inside cell 2, which is not quoted [3,in\"side]",
                        "5 broken_quotes: text follows the closing quote of cell 2 [4,\"a\"b]",
                        "6 {id=5, note=fine}",
                        "7 broken_quotes: nothing closes the quote of cell 2 [6,\"open at the end]",
                        "8 {id=7, note=x}");
    }

    @Test
    void countsCells() throws IOException {
        assertThat(csv("id,note\n1\n1,2,3\n", ','))
                .containsExactly(
                        "2 cell_count: it has 1 cells where there are 2 columns [1]",
                        "3 cell_count: it has 3 cells where there are 2 columns [1,2,3]");
    }

    @Test
    void anUnusableHeaderRefusesTheWholeFile() throws IOException {
        assertThat(csv("id,id\n1,2\n", ','))
                .containsExactly(
                        "1 bad_header: the line of column names has one twice: id, id [id,id]",
                        "2 bad_header: the line of column names has one twice: id, id [1,2]");
    }

    @Test
    void columnsMayBeDeclared() throws IOException {
        Records records = new CsvRecords(lines("1,2\n".getBytes(StandardCharsets.UTF_8)), ',', List.of("a", "b"));
        assertThat(shown(records)).containsExactly("1 {a=1, b=2}");
    }

    @Test
    void whatIsNoTextIsKeptAsBytes() throws IOException {
        byte[] file = {'a', '\n', 'x', (byte) 0xff, '\n', 'y', '\n'};
        Records records = new CsvRecords(lines(file), ',', List.of());
        records.next();
        FileRecord.Invalid bad = (FileRecord.Invalid) records.next().orElseThrow();
        assertThat(bad.rule()).isEqualTo(FileRule.BAD_ENCODING);
        assertThat(bad.reason()).contains("encoding: windows-1252");
        assertThat(bad.bytes()).containsExactly('x', 0xff);
        assertThat(shown(records)).containsExactly("3 {a=y}");
    }

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

    @ParameterizedTest(name = "univocity#104: delimiter {0}")
    @ValueSource(strings = {"\t", ",", ";", " ", "|"})
    void emptyCellsAreARow(String delimiter) throws IOException {
        String file = "a,b,c\n,,\n1,2,3\n\n,,".replace(",", delimiter);
        assertThat(csv(file, delimiter.charAt(0)))
                .containsExactly(
                        "2 {a=null, b=null, c=null}", "3 {a=1, b=2, c=3}", "4 blank", "5 {a=null, b=null, c=null}");
    }

    @Test
    void onlyALineWithNothingInItIsBlank() throws IOException {
        assertThat(csv("a\n \n\n\"\"\n\t\n", ',')).containsExactly("2 {a= }", "3 blank", "4 {a=}", "5 {a=\t}");
        assertThat(csv("a,b\n  \n", ','))
                .containsExactly("2 cell_count: it has 1 cells where there are 2 columns [  ]");
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
    void readsJsonLines() throws IOException {
        assertThat(json("{\"a\":1}\n\n{\"a\":\n[1, 2]\r\nnull\n{} {}\n"))
                .containsExactly(
                        "1 {\"a\":1}",
                        "2 blank",
                        "3 not_json: it is not one whole JSON text: Unexpected end-of-input within/between Object entries [{\"a\":]",
                        "4 [1, 2]",
                        "5 null",
                        "6 not_json: it is not one whole JSON text: something follows it [{} {}]");
    }

    @Test
    void readsTheElementsOfAnArrayThatGoesOverLines() throws IOException {
        assertThat(json("\n[\n {\"a\":\n1}, \"x\",2.50\n , [1,\r\n 2],null, {}\n]\n\n"))
                .containsExactly("1 blank", "3 {\"a\":\n1}", "4 \"x\"", "4 2.50", "5 [1,\r\n 2]", "6 null", "6 {}");
        assertThat(json("[\n]\n")).isEmpty();
    }

    @Test
    void readsTextsThatGoOverLines() throws IOException {
        assertThat(json("{\n \"a\": [\n1]\n}\n")).containsExactly("1 {\n \"a\": [\n1]\n}");
        assertThat(json("{\n}\n{ \"b\":\n 1}\r\n[\n1]\n7\n"))
                .containsExactly("1 {\n}", "3 { \"b\":\n 1}", "6 1", "7 7");
    }

    @Test
    void anArrayOnOneLineIsARecordAsAnyOtherText() throws IOException {
        assertThat(json("[{\"a\":1},{\"a\":2}]\n")).containsExactly("1 [{\"a\":1},{\"a\":2}]");
    }

    @Test
    void aFirstLineThatIsBrokenCostsItselfAlone() throws IOException {
        assertThat(json("{\"a\":\n{\"b\":1}\n"))
                .satisfiesExactly(
                        bad -> assertThat(bad).startsWith("1 not_json").endsWith("[{\"a\":]"),
                        good -> assertThat(good).isEqualTo("2 {\"b\":1}"));
        assertThat(json("{\"a\":\n{\"b\":1}\n[2]\n")).element(2).isEqualTo("3 [2]");
    }

    @Test
    void partsOfABrokenTextAreNoRecords() throws IOException {
        assertThat(json("{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": [\n    {}\n  ]\n"))
                .hasSize(8)
                .allMatch(shown -> shown.contains(" not_json: "));
        assertThat(json("[\n1,\n2\n")).hasSize(3).allMatch(shown -> shown.contains(" not_json: "));
        assertThat(json("[\n{\"id\":1},\n{\"id\":2}\n")).hasSize(3).element(2).isEqualTo("3 {\"id\":2}");
    }

    @Test
    void zerosBetweenCharactersAreNoOtherEncoding() throws IOException {
        assertThat(json("\0[\0]\n")).singleElement().asString().startsWith("1 not_json");
    }

    @Test
    void anArrayMayBeLargerThanAnyRecord() throws IOException {
        byte[] element = (" {\n  \"text\": \"" + "x".repeat(1 << 20) + "\"\n },\n").getBytes(StandardCharsets.UTF_8);
        int elements = 80;
        Supplier<InputStream> file = () -> new SequenceInputStream(Collections.enumeration(List.of(
                stream("[\n"), new RepeatedBytes(element, (long) elements * element.length), stream(" {}\n]\n"))));
        JsonRecords records = new JsonRecords(lines(file.get()), () -> lines(file.get()));
        long line = 2;
        for (int i = 0; i < elements; i++) {
            FileRecord.Valid good = (FileRecord.Valid) records.next().orElseThrow();
            assertThat(good.line()).isEqualTo(line);
            assertThat(good.body())
                    .startsWith("{\n  \"text\": \"xx")
                    .endsWith("x\"\n }")
                    .hasSize(element.length - 3);
            line += 3;
        }
        assertThat(shown(records)).containsExactly(line + " {}");
    }

    @Test
    void aTextThatNoRowCanHoldIsRefused() throws IOException {
        byte[] field = (" \"text\": \"" + "x".repeat(1 << 20) + "\",\n").getBytes(StandardCharsets.UTF_8);
        Supplier<InputStream> file = () -> new SequenceInputStream(Collections.enumeration(
                List.of(stream("\n{\n"), new RepeatedBytes(field, 65L * field.length), stream(" \"end\": 1\n}\n"))));
        JsonRecords records = new JsonRecords(lines(file.get()), () -> lines(file.get()));
        assertThat(records.next()).contains(new FileRecord.Blank(1));
        assertThatThrownBy(records::next)
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("test has a JSON text of more than 64 MB, which begins on line 2");
    }

    /** The same bytes over and over. */
    private static final class RepeatedBytes extends InputStream {
        private final byte[] bytes;
        private final long length;
        private long at;

        RepeatedBytes(byte[] bytes, long length) {
            this.bytes = bytes;
            this.length = length;
        }

        @Override
        public int read() {
            return at == length ? -1 : bytes[(int) (at++ % bytes.length)];
        }

        @Override
        public int read(byte[] into, int offset, int wanted) {
            if (at == length) {
                return -1;
            }
            int from = (int) (at % bytes.length);
            int count = Math.min(wanted, bytes.length - from);
            System.arraycopy(bytes, from, into, offset, count);
            at += count;
            return count;
        }
    }

    @Test
    void emptyFilesHoldNothing() throws IOException {
        assertThat(csv("", ',')).isEmpty();
        assertThat(csv("id,note\n", ',')).isEmpty();
        assertThat(csv("\uFEFF", ',')).isEmpty();
        assertThat(json(" \n\n")).containsExactly("1 blank", "2 blank");
    }

    @RepeatedTest(50)
    void losesNoLineOfRandomJson(RepetitionInfo repetition) throws IOException {
        Random random = new Random(repetition.getCurrentRepetition());
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 60; i++) {
            text.append(List.of("{\"a\":1}", "[", "]", ",", "\n", "\n", "\r", " ", "7", "\"é\"")
                    .get(random.nextInt(10)));
        }
        byte[] file = text.toString().getBytes(StandardCharsets.UTF_8);
        Lines lines = lines(file);
        assertThat(ended(new JsonRecords(lines, () -> lines(file)))).isEqualTo(lines.count());
    }

    /** Elements that were written are read, however they are laid out. */
    @RepeatedTest(50)
    void readsEveryElementAsItStands(RepetitionInfo repetition) throws IOException {
        Random random = new Random(repetition.getCurrentRepetition());
        List<String> elements = new ArrayList<>();
        StringBuilder text = new StringBuilder("[\n");
        int count = random.nextInt(40);
        for (int i = 0; i < count; i++) {
            String blank = List.of("", " ", "\n", "\r\n", "\r", "\t" + " ".repeat(5000))
                    .get(random.nextInt(6));
            String element = List.of(
                            "12.5e3",
                            "\"é\\u0041\"",
                            "true",
                            "null",
                            "{" + blank + "}",
                            "-7",
                            "[1," + blank + "{}]",
                            "\"" + "y".repeat(random.nextInt(9000)) + "\"",
                            "\"😀\"")
                    .get(random.nextInt(9));
            elements.add(element);
            text.append(blank).append(element).append(blank).append(i + 1 < count ? "," : "");
        }
        text.append("]");
        byte[] file = text.toString().getBytes(StandardCharsets.UTF_8);
        Lines lines = lines(file);
        List<String> bodies = new ArrayList<>();
        Records records = new JsonRecords(lines, () -> lines(file));
        long ended = 0;
        for (Optional<FileRecord> next = records.next(); next.isPresent(); next = records.next()) {
            ended += next.get().lines();
            if (next.get() instanceof FileRecord.Valid good) {
                bodies.add(good.body());
            }
        }
        assertThat(bodies).isEqualTo(elements);
        assertThat(ended).isEqualTo(lines.count());
    }

    @RepeatedTest(50)
    void losesNoByteOfRandomText(RepetitionInfo repetition) throws IOException {
        Random random = new Random(repetition.getCurrentRepetition());
        StringBuilder text = new StringBuilder("a,b\n");
        for (int i = 0; i < 400; i++) {
            text.append("\",\n\rxyé".charAt(random.nextInt(7)));
        }
        text.append('\n');
        byte[] file = text.toString().getBytes(StandardCharsets.UTF_8);
        StringBuilder kept = new StringBuilder();
        Lines lines = lines(file);
        Records records = new CsvRecords(lines, ',', List.of());
        long ended = 0;
        for (Optional<FileRecord> next = records.next(); next.isPresent(); next = records.next()) {
            ended += next.get().lines();
            if (next.get() instanceof FileRecord.Valid good) {
                kept.append(good.body());
            } else if (next.get() instanceof FileRecord.Invalid bad) {
                kept.append(new String(bad.bytes(), StandardCharsets.UTF_8));
            }
        }
        assertThat(bare(kept.toString())).isEqualTo(bare(text.substring(4)));
        assertThat(ended).isEqualTo(lines.count());
    }

    private static long ended(Records records) throws IOException {
        long ended = 0;
        for (Optional<FileRecord> next = records.next(); next.isPresent(); next = records.next()) {
            ended += next.get().lines();
        }
        return ended;
    }

    /** Line ends at the end of records and blank lines are no data. */
    private static String bare(String text) {
        return text.replaceAll("[\r\n]", "");
    }

    private static List<String> csv(String text, char delimiter) throws IOException {
        return shown(new CsvRecords(lines(text.getBytes(StandardCharsets.UTF_8)), delimiter, List.of()));
    }

    private static List<String> json(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return shown(new JsonRecords(lines(bytes), () -> lines(bytes)));
    }

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Lines lines(InputStream content) throws IOException {
        return Lines.of(content, StandardCharsets.UTF_8, "test");
    }

    private static Lines lines(byte[] bytes) throws IOException {
        return lines(bytes, StandardCharsets.UTF_8);
    }

    private static Lines lines(byte[] bytes, Charset charset) throws IOException {
        return Lines.of(new ByteArrayInputStream(bytes), charset, "test");
    }

    /** All but what stands around records. */
    private static List<String> shown(Records records) throws IOException {
        List<String> shown = new ArrayList<>();
        for (Optional<FileRecord> next = records.next(); next.isPresent(); next = records.next()) {
            if (next.get() instanceof FileRecord.Valid good) {
                shown.add(good.line() + " " + good.row().map(Object::toString).orElse(good.body()));
            } else if (next.get() instanceof FileRecord.Invalid bad) {
                shown.add(bad.line() + " " + bad.rule() + ": " + bad.reason() + " ["
                        + new String(bad.bytes(), StandardCharsets.UTF_8) + "]");
            } else if (next.get() instanceof FileRecord.Blank blank) {
                shown.add(blank.line() + " blank");
            }
        }
        return shown;
    }
}
