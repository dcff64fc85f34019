package dev.igarape.jobs.landing.files.content;

import static dev.igarape.jobs.landing.files.content.ReadRecords.csv;
import static dev.igarape.jobs.landing.files.content.ReadRecords.ended;
import static dev.igarape.jobs.landing.files.content.ReadRecords.lines;
import static dev.igarape.jobs.landing.files.content.ReadRecords.shown;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of CSV files: cells, quotes, headers. */
final class CsvRecordsTest {
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

    /** Line ends at the end of records and blank lines are no data. */
    private static String bare(String text) {
        return text.replaceAll("[\r\n]", "");
    }
}
