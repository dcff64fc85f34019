package dev.igarape.cli.query;

import java.math.BigDecimal;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The result of a query.
 *
 * @param rows numbers, booleans, texts, lists and maps, or null; dates and times are texts in ISO form, bytes are
 *     base64
 */
public record QueryResult(List<String> columns, List<List<Object>> rows) {
    private static final DateTimeFormatter TIMESTAMP = new DateTimeFormatterBuilder()
            .appendPattern("uuuu-MM-dd'T'HH:mm:ss")
            .appendFraction(ChronoField.NANO_OF_SECOND, 0, 9, true)
            .toFormatter();

    private static final Pattern TIMESTAMP_TEXT = Pattern.compile("(\\S+) (\\S+)(?: (\\S+))?");

    /** Reads a result to its end. */
    static QueryResult read(ResultSet resultSet) throws SQLException {
        ResultSetMetaData metadata = resultSet.getMetaData();
        List<String> columns = new ArrayList<>();
        for (int i = 1; i <= metadata.getColumnCount(); i++) {
            columns.add(metadata.getColumnLabel(i));
        }
        List<List<Object>> rows = new ArrayList<>();
        while (resultSet.next()) {
            List<Object> row = new ArrayList<>();
            for (int i = 1; i <= columns.size(); i++) {
                row.add(value(resultSet, i, metadata.getColumnType(i)));
            }
            rows.add(Collections.unmodifiableList(row));
        }
        return new QueryResult(List.copyOf(columns), Collections.unmodifiableList(rows));
    }

    private static Object value(ResultSet resultSet, int column, int type) throws SQLException {
        switch (type) {
            // As the server writes them: the classes of java.sql count old days otherwise, and skip wall times that
            // the zone of this machine has not.
            case Types.DATE, Types.TIME, Types.TIME_WITH_TIMEZONE:
                return resultSet.getString(column);
            case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE:
                String text = resultSet.getString(column);
                return text == null ? null : iso(text);
            default:
                return toJsonValue(resultSet.getObject(column));
        }
    }

    /** {@code 2024-01-15 10:00:00.120000} as {@code 2024-01-15T10:00:00.12}, with its zone if it has one. */
    static String iso(String text) {
        Matcher parts = TIMESTAMP_TEXT.matcher(text);
        if (!parts.matches()) {
            return text;
        }
        String local = parts.group(1) + "T"
                + (parts.group(2).contains(".") ? parts.group(2).replaceFirst("[.]?0+$", "") : parts.group(2));
        if (parts.group(3) == null) {
            return local;
        }
        ZoneId zone = ZoneId.of(parts.group(3));
        if (zone.getId().equals("UTC")) {
            return local + "Z";
        }
        LocalDateTime time = LocalDateTime.parse(local);
        // In the hour that clocks show twice, Trino does not say which it was.
        return zone.getRules().getValidOffsets(time).size() == 1
                ? time.atZone(zone).format(DateTimeFormatter.ISO_ZONED_DATE_TIME)
                : local + "[" + zone + "]";
    }

    private static Object toJsonValue(Object value) throws SQLException {
        if (value == null || value instanceof Number || value instanceof Boolean || value instanceof String) {
            return value instanceof BigDecimal decimal ? decimal : value;
        }
        if (value instanceof Timestamp timestamp) {
            return timestamp.toLocalDateTime().format(TIMESTAMP);
        }
        if (value instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }
        if (value instanceof Array array) {
            return list((Object[]) array.getArray());
        }
        if (value instanceof List<?> list) {
            return list(list.toArray());
        }
        if (value instanceof io.trino.jdbc.Row row) {
            return map(row);
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> plain = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                plain.put(String.valueOf(entry.getKey()), toJsonValue(entry.getValue()));
            }
            return plain;
        }
        return value.toString();
    }

    private static Map<String, Object> map(io.trino.jdbc.Row row) throws SQLException {
        Map<String, Object> plain = new LinkedHashMap<>();
        int position = 0;
        for (io.trino.jdbc.RowField field : row.getFields()) {
            plain.put(field.getName().orElse("_" + position), toJsonValue(field.getValue()));
            position++;
        }
        return plain;
    }

    private static List<Object> list(Object[] values) throws SQLException {
        List<Object> plain = new ArrayList<>();
        for (Object value : values) {
            plain.add(toJsonValue(value));
        }
        return plain;
    }
}
