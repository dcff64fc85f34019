package dev.igarape.jobs.landing.jdbc;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructType;

/**
 * Spark UDF that converts a column's text to its type; arrays, maps and structs arrive as JSON. Throws {@link
 * InexactValueException} for a value that the type cannot hold.
 */
final class ColumnConverter implements UDF1<String, Object> {
    private static final long serialVersionUID = 1L;

    /** Values may be of any size. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxNestingDepth(100_000)
                    .build())
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private final String column;
    private final DataType type;
    private final ZoneId timezone;

    /**
     * @param column its name in the lake
     * @param timezone for local times in a column declared as timestamp
     */
    ColumnConverter(String column, DataType type, ZoneId timezone) {
        this.column = column;
        this.type = type;
        this.timezone = timezone;
    }

    @Override
    public Object call(String text) {
        if (text == null) {
            return null;
        }
        if (!isNested(type)) {
            return DatabaseValue.read(text, type, timezone)
                    .orElseThrow(() ->
                            unfit(text, DatabaseValue.widerType(text, type).orElse("")));
        }
        try (JsonParser json = JSON.createParser(text)) {
            if (json.nextToken() == null) {
                throw unfit(text, "");
            }
            Object value = value(json, type, text);
            if (json.nextToken() != null) {
                throw unfit(text, "");
            }
            return value;
        } catch (IOException e) {
            // A text that is declared as what only JSON holds, and is none.
            throw unfit(text, "");
        }
    }

    /** Converts the value at the current token; afterwards the current token is the value's last. */
    private Object value(JsonParser json, DataType target, String text) throws IOException {
        JsonToken token = json.currentToken();
        if (token == JsonToken.VALUE_NULL) {
            return null;
        }
        if (target instanceof ArrayType array && token == JsonToken.START_ARRAY) {
            List<Object> elements = new ArrayList<>();
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (array.elementType() instanceof StringType && json.currentToken() == JsonToken.START_ARRAY) {
                    // The array has more dimensions than the type.
                    throw unfit(text, withMoreDimensions(json));
                }
                elements.add(value(json, array.elementType(), text));
            }
            return elements.toArray();
        }
        if (target instanceof MapType map && token == JsonToken.START_OBJECT) {
            Map<Object, Object> entries = new LinkedHashMap<>();
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                Object key = DatabaseValue.read(name, map.keyType(), timezone).orElseThrow(() -> unfit(name, ""));
                if (entries.containsKey(key)) {
                    throw unfit(text, "");
                }
                json.nextToken();
                entries.put(key, value(json, map.valueType(), text));
            }
            return scala.collection.JavaConverters.mapAsScalaMap(entries);
        }
        if (target instanceof StructType struct && token == JsonToken.START_OBJECT) {
            return struct(json, struct, text);
        }
        if (target instanceof StringType && !token.isScalarValue()) {
            return raw(json, text);
        }
        if (isNested(target) || !token.isScalarValue()) {
            throw unfit(text, token == JsonToken.START_ARRAY && !isNested(target) ? withMoreDimensions(json) : "");
        }
        String scalar = json.getText();
        return DatabaseValue.read(scalar, target, timezone)
                .orElseThrow(() -> unfit(
                        scalar,
                        DatabaseValue.widerType(scalar, target)
                                .flatMap(this::withElementType)
                                .orElse("")));
    }

    private Row struct(JsonParser json, StructType struct, String text) throws IOException {
        Object[] values = new Object[struct.length()];
        boolean[] given = new boolean[struct.length()];
        while (json.nextToken() != JsonToken.END_OBJECT) {
            scala.Option<Object> index = struct.getFieldIndex(json.currentName());
            if (index.isEmpty() || given[(int) index.get()]) {
                throw unfit(text, "");
            }
            given[(int) index.get()] = true;
            json.nextToken();
            values[(int) index.get()] =
                    value(json, struct.apply((int) index.get()).dataType(), text);
        }
        return RowFactory.create(values);
    }

    /** The text of an object or array as the database wrote it. */
    private static String raw(JsonParser json, String text) throws IOException {
        int start = (int) json.currentTokenLocation().getCharOffset();
        json.skipChildren();
        return text.substring(start, (int) json.currentLocation().getCharOffset());
    }

    private InexactValueException unfit(String value, String better) {
        return new InexactValueException(column, value, type.catalogString(), better);
    }

    /** The column's array type with another element type; empty if the column is not just arrays. */
    private Optional<String> withElementType(String innermost) {
        String found = innermost;
        DataType around = type;
        while (around instanceof ArrayType array) {
            found = "array<" + found + ">";
            around = array.elementType();
        }
        return isNested(around) ? Optional.empty() : Optional.of(found);
    }

    /** The column's type with one more array level for each level that the current token opens. */
    private String withMoreDimensions(JsonParser json) throws IOException {
        DataType innermost = type;
        while (innermost instanceof ArrayType array) {
            innermost = array.elementType();
        }
        String found = innermost.catalogString();
        while (json.currentToken() == JsonToken.START_ARRAY) {
            found = "array<" + found + ">";
            json.nextToken();
        }
        return withElementType(found).orElse("");
    }

    private static boolean isNested(DataType type) {
        return type instanceof ArrayType || type instanceof MapType || type instanceof StructType;
    }
}
