package dev.igarape.cli.query;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.igarape.cli.base.TextTable;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The output format of a query's result. */
public enum OutputFormat {
    /** A table for people. */
    TABLE {
        @Override
        public void write(QueryResult result, PrintWriter out) {
            if (result.columns().isEmpty()) {
                return;
            }
            TextTable table = new TextTable().gap(2);
            result.columns().forEach(column -> table.left(column, 0));
            result.rows()
                    .forEach(row -> table.row(row.stream()
                            .map(value -> value instanceof Number ? value : text(value))
                            .toList()));
            table.printRuled(out);
            out.printf("(%d row%s)%n", result.rows().size(), result.rows().size() == 1 ? "" : "s");
        }
    },
    /** RFC 4180 with a header; null is an empty field, an empty text is {@code ""}. */
    CSV {
        @Override
        public void write(QueryResult result, PrintWriter out) {
            out.print(result.columns().stream().map(OutputFormat::quoted).collect(Collectors.joining(",")) + "\r\n");
            for (List<Object> row : result.rows()) {
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
        public void write(QueryResult result, PrintWriter out) {
            out.println(result.rows().stream()
                    .map(row -> json(byName(result.columns(), row)))
                    .collect(Collectors.joining(",\n ", "[", "]")));
        }
    };

    /** Unlike the lake's own files, a result keeps its nulls. */
    private static final ObjectWriter WRITER =
            new ObjectMapper().writer().with(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN);

    public abstract void write(QueryResult result, PrintWriter out);

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
