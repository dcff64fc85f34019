package dev.igarape.cli.base;

import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/**
 * A table of text with aligned columns, each as wide as its widest cell. Numbers are aligned right, other cells as their
 * column's header.
 */
public final class TextTable {
    private final List<Column> columns = new ArrayList<>();
    private final List<List<Object>> rows = new ArrayList<>();
    private int gap = 1;

    /** @param gap number of blanks before it */
    private record Column(String header, boolean right, int minWidth, int gap) {}

    /** Sets how many blanks are before each of the columns that are added from here on; 1 without it. */
    public TextTable gap(int blanks) {
        gap = blanks;
        return this;
    }

    /** Adds a column whose texts are aligned left. */
    public TextTable left(String header, int minWidth) {
        return column(header, false, minWidth);
    }

    /** Adds a column whose texts are aligned right. */
    public TextTable right(String header, int minWidth) {
        return column(header, true, minWidth);
    }

    private TextTable column(String header, boolean right, int minWidth) {
        columns.add(new Column(header, right, minWidth, columns.isEmpty() ? 0 : gap));
        return this;
    }

    /** Adds a row with one cell for each column. */
    public void row(List<?> cells) {
        if (cells.size() != columns.size()) {
            throw new IllegalArgumentException(cells.size() + " cells for " + columns.size() + " columns");
        }
        rows.add(List.copyOf(cells));
    }

    /** Writes header and rows, without blanks at the ends of lines. */
    public void print(PrintWriter out) {
        List<Integer> widths = widths();
        printHeader(widths, out);
        printRows(widths, out);
    }

    /** As {@link #print}, with a line of dashes below the header. */
    public void printRuled(PrintWriter out) {
        List<Integer> widths = widths();
        printHeader(widths, out);
        out.println(line(widths.stream().map("-"::repeat).toList(), widths));
        printRows(widths, out);
    }

    private void printHeader(List<Integer> widths, PrintWriter out) {
        out.println(line(columns.stream().map(Column::header).toList(), widths));
    }

    private void printRows(List<Integer> widths, PrintWriter out) {
        rows.forEach(row -> out.println(line(row, widths)));
    }

    private List<Integer> widths() {
        List<Integer> widths = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            int width =
                    Math.max(columns.get(i).minWidth(), columns.get(i).header().length());
            for (List<Object> row : rows) {
                width = Math.max(width, text(row.get(i)).length());
            }
            widths.add(width);
        }
        return widths;
    }

    private String line(List<?> cells, List<Integer> widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            Column column = columns.get(i);
            String text = text(cells.get(i));
            String padding = " ".repeat(widths.get(i) - text.length());
            boolean right = column.right() || cells.get(i) instanceof Number;
            line.append(" ".repeat(column.gap())).append(right ? padding + text : text + padding);
        }
        return line.toString().stripTrailing();
    }

    private static String text(Object cell) {
        return cell instanceof BigDecimal decimal ? decimal.toPlainString() : cell.toString();
    }
}
