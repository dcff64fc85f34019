package dev.igarape.api.topics;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LineSplitterTest {
    private final List<String> lines = new ArrayList<>();
    private final LineSplitter splitter = new LineSplitter(
            5,
            line -> lines.add(line.number() + " "
                    + (line.tooLong() ? "too long" : new String(line.bytes(), StandardCharsets.UTF_8).strip())));

    @Test
    void cutsWhereverThePiecesEnd() {
        for (String piece : List.of("a", "b\nc", "\n", "\nd\r\n  \n", "e")) {
            splitter.take(Buffer.buffer(piece));
        }
        splitter.end();
        assertThat(lines).containsExactly("1 ab", "2 c", "4 d", "6 e");
    }

    @Test
    void endsWithALinesEnd() {
        splitter.take(Buffer.buffer("a\n"));
        splitter.end();
        assertThat(lines).containsExactly("1 a");
    }

    @Test
    void dropsALineThatIsTooLongAndGoesOn() {
        splitter.take(Buffer.buffer("12345\n123456\nab\n1234"));
        splitter.take(Buffer.buffer("56"));
        assertThat(splitter.held()).isZero();
        splitter.take(Buffer.buffer("7\nb\n123456"));
        splitter.end();
        assertThat(lines).containsExactly("1 12345", "2 too long", "3 ab", "4 too long", "5 b", "6 too long");
    }
}
