package dev.igarape.cli.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How an answer is written. */
public enum OutputFormat {
    /** Columns for reading, numbers to the right. */
    TABLE {
        @Override
        public void write(QueryResult rows, PrintWriter out) {
            if (rows.columns().isEmpty()) {
                return;
            }
            List<Integer> widths = new ArrayList<>();
            for (int i = 0; i < rows.columns().size(); i++) {
                int column = i;
                widths.add(rows.values().stream()
                        .mapToInt(row -> text(row.get(column)).length())
                        .reduce(rows.columns().get(i).length(), Math::max));
            }
            out.println(line(new ArrayList<>(rows.columns()), widths));
            out.println(widths.stream().map("-"::repeat).collect(Collectors.joining("  ")));
            rows.values().forEach(row -> out.println(line(row, widths)));
            out.printf("(%d row%s)%n", rows.values().size(), rows.values().size() == 1 ? "" : "s");
        }

        private String line(List<Object> cells, List<Integer> widths) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < cells.size(); i++) {
                String text = text(cells.get(i));
                String pad = " ".repeat(widths.get(i) - text.length());
                line.append(i == 0 ? "" : "  ").append(cells.get(i) instanceof Number ? pad + text : text + pad);
            }
            return line.toString().stripTrailing();
        }
    },
    /** RFC 4180 with a header; null is an empty field, an empty text is {@code ""}. */
    CSV {
        @Override
        public void write(QueryResult rows, PrintWriter out) {
            out.print(rows.columns().stream().map(OutputFormat::quoted).collect(Collectors.joining(",")) + "\r\n");
            for (List<Object> row : rows.values()) {
                out.print(row.stream()
                                .map(value -> value == null ? "" : quoted(text(value)))
                                .collect(Collectors.joining(","))
                        + "\r\n");
            }
        }
    },
    /** An array with one object for each row, by column name. */
    JSON {
        @Override
        public void write(QueryResult rows, PrintWriter out) {
            out.println(rows.values().stream()
                    .map(row -> json(byName(rows.columns(), row)))
                    .collect(Collectors.joining(",\n ", "[", "]")));
        }
    };

    /** Unlike the lake's own files, an answer shows its nulls. */
    private static final ObjectWriter WRITER =
            new ObjectMapper().writer().with(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN);

    public abstract void write(QueryResult rows, PrintWriter out);

    private static Map<String, Object> byName(List<String> columns, List<Object> row) {
        Map<String, Object> object = new LinkedHashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            object.put(columns.get(i), row.get(i));
        }
        return object;
    }

    private static String text(Object value) {
        if (value == null) {
            return "NULL";
        }
        if (value instanceof BigDecimal decimal) {
            return decimal.toPlainString();
        }
        return value instanceof List || value instanceof Map ? json(value) : value.toString();
    }

    private static String quoted(String text) {
        boolean plain = !text.isEmpty() && text.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
        return plain ? text : '"' + text.replace("\"", "\"\"") + '"';
    }

    private static String json(Object value) {
        try {
            return WRITER.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }
}
