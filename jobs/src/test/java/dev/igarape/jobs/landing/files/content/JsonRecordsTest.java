package dev.igarape.jobs.landing.files.content;

import static dev.igarape.jobs.landing.files.content.ReadRecords.ended;
import static dev.igarape.jobs.landing.files.content.ReadRecords.json;
import static dev.igarape.jobs.landing.files.content.ReadRecords.lines;
import static dev.igarape.jobs.landing.files.content.ReadRecords.shown;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
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

/** Texts of JSON files: one a line, over several lines, or in an array. */
final class JsonRecordsTest {
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

    private static InputStream stream(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }
}
