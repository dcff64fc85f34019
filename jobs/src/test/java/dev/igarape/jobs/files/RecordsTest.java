package dev.igarape.jobs.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

final class RecordsTest {
    @Test
    void readsQuotedCellsOverSeveralLines() throws IOException {
        assertThat(csv("\uFEFFid;note\r\n1;\"a;\"\"b\"\"\r\nc\"\r\n\r\n2;\n3;\"\"", ';'))
                .containsExactly("2 {id=1, note=a;\"b\"\r\nc}", "5 {id=2, note=null}", "6 {id=3, note=}");
    }

    @Test
    void keepsTheTextAsReceived() throws IOException {
        Records records =
                new CsvRecords(lines("a,b\r\n\"x\ny\",é\r\n".getBytes(StandardCharsets.UTF_8)), ',', List.of());
        assertThat(((FileRecord.Good) records.next().orElseThrow()).body()).isEqualTo("\"x\ny\",é");
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
    void whatIsNotUtf8IsKeptAsBytes() throws IOException {
        byte[] file = {'a', '\n', 'x', (byte) 0xff, '\n', 'y', '\n'};
        Records records = new CsvRecords(lines(file), ',', List.of());
        FileRecord.Bad bad = (FileRecord.Bad) records.next().orElseThrow();
        assertThat(bad.rule()).isEqualTo(Rule.NOT_UTF8);
        assertThat(bad.bytes()).containsExactly('x', 0xff);
        assertThat(shown(records)).containsExactly("3 {a=y}");
    }

    @Test
    void readsJsonLines() throws IOException {
        assertThat(json("{\"a\":1}\n\n{\"a\":\n[1, 2]\r\nnull\n{} {}\n"))
                .containsExactly(
                        "1 {\"a\":1}",
                        "3 not_json: it is not one whole JSON text: Unexpected end-of-input within/between Object entries [{\"a\":]",
                        "4 [1, 2]",
                        "5 null",
                        "6 not_json: it is not one whole JSON text: something follows it [{} {}]");
    }

    @Test
    void readsAFileThatIsOneJsonText() throws IOException {
        assertThat(json("[\n {\"a\": 1},\n {\"a\": 2}\n]\n")).containsExactly("1 [\n {\"a\": 1},\n {\"a\": 2}\n]");
    }

    @Test
    void emptyFilesHoldNothing() throws IOException {
        assertThat(csv("", ',')).isEmpty();
        assertThat(csv("id,note\n", ',')).isEmpty();
        assertThat(json(" \n\n")).isEmpty();
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
        Records records = new CsvRecords(lines(file), ',', List.of());
        for (Optional<FileRecord> next = records.next(); next.isPresent(); next = records.next()) {
            kept.append(
                    next.get() instanceof FileRecord.Good good
                            ? good.body()
                            : new String(((FileRecord.Bad) next.get()).bytes(), StandardCharsets.UTF_8));
        }
        assertThat(bare(kept.toString())).isEqualTo(bare(text.substring(4)));
    }

    /** Line ends at the end of records and blank lines are no data. */
    private static String bare(String text) {
        return text.replaceAll("[\r\n]", "");
    }

    private static List<String> csv(String text, char delimiter) throws IOException {
        return shown(new CsvRecords(lines(text.getBytes(StandardCharsets.UTF_8)), delimiter, List.of()));
    }

    private static List<String> json(String text) throws IOException {
        return shown(new JsonRecords(lines(text.getBytes(StandardCharsets.UTF_8))));
    }

    private static Lines lines(byte[] bytes) {
        return new Lines(new ByteArrayInputStream(bytes), "test");
    }

    private static List<String> shown(Records records) throws IOException {
        List<String> shown = new ArrayList<>();
        for (Optional<FileRecord> next = records.next(); next.isPresent(); next = records.next()) {
            if (next.get() instanceof FileRecord.Good good) {
                shown.add(good.line() + " " + good.row().map(Object::toString).orElse(good.body()));
            } else {
                FileRecord.Bad bad = (FileRecord.Bad) next.get();
                shown.add(bad.line() + " " + bad.rule() + ": " + bad.reason() + " ["
                        + new String(bad.bytes(), StandardCharsets.UTF_8) + "]");
            }
        }
        return shown;
    }
}
