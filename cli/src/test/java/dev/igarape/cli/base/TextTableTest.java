package dev.igarape.cli.base;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;

final class TextTableTest {
    @Test
    void columnsAreAsWideAsTheirWidestCell() {
        TextTable table =
                new TextTable().left("name", 0).right("rows", 6).gap(2).left("why", 0);
        table.row(List.of("raw.orders", 12, "late"));
        table.row(List.of("a", 1_234_567, ""));

        assertThat(printed(table))
                .containsExactly("name          rows  why", "raw.orders      12  late", "a          1234567");
    }

    @Test
    void numbersAreAlignedRightAlsoBelowATextsHeader() {
        TextTable table = new TextTable().gap(2).left("amount", 0).left("unit", 0);
        table.row(List.of(new BigDecimal("1E+3"), "g"));

        assertThat(printed(table)).containsExactly("amount  unit", "  1000  g");
    }

    private static List<String> printed(TextTable table) {
        StringWriter text = new StringWriter();
        table.print(new PrintWriter(text, true));
        return text.toString().lines().toList();
    }
}
