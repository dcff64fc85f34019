package dev.igarape.model.compile.table;

import dev.igarape.model.compile.diagnostic.Suggestion;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parser of the Spark SQL types that Parquet, Hive and Trino have too, into Spark's simple spelling. */
final class ColumnType {
    /** Thrown for a text that is not such a type; the message says why. */
    static final class InvalidTypeException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidTypeException(String message) {
            super(message);
        }
    }

    private static final Map<String, String> SIMPLE = Map.ofEntries(
            Map.entry("boolean", "boolean"),
            Map.entry("tinyint", "tinyint"),
            Map.entry("byte", "tinyint"),
            Map.entry("smallint", "smallint"),
            Map.entry("short", "smallint"),
            Map.entry("int", "int"),
            Map.entry("integer", "int"),
            Map.entry("bigint", "bigint"),
            Map.entry("long", "bigint"),
            Map.entry("float", "float"),
            Map.entry("real", "float"),
            Map.entry("double", "double"),
            Map.entry("string", "string"),
            Map.entry("binary", "binary"),
            Map.entry("date", "date"),
            Map.entry("timestamp", "timestamp"),
            Map.entry("timestamp_ltz", "timestamp"),
            Map.entry("timestamp_ntz", "timestamp_ntz"));
    private static final List<String> SUGGESTED = List.of(
            "boolean",
            "tinyint",
            "smallint",
            "int",
            "bigint",
            "float",
            "double",
            "string",
            "binary",
            "date",
            "timestamp",
            "timestamp_ntz",
            "decimal",
            "array",
            "map",
            "struct");
    private static final Pattern TOKEN = Pattern.compile("\\s*([A-Za-z_][A-Za-z0-9_]*|[0-9]+|[<>(),:]|\\S)");
    private static final int DEEPEST = 20;

    private final List<String> tokens = new ArrayList<>();
    private int next;

    private ColumnType(String text) {
        Matcher token = TOKEN.matcher(text);
        while (token.find()) {
            tokens.add(token.group(1).toLowerCase(Locale.ROOT));
        }
    }

    /** The type in Spark's simple spelling, e.g. {@code struct<a:int,b:array<string>>}. */
    static String normalise(String text) throws InvalidTypeException {
        ColumnType type = new ColumnType(text);
        String normal = type.type(0);
        if (type.next < type.tokens.size()) {
            throw new InvalidTypeException("'" + type.tokens.get(type.next) + "' follows the type " + normal);
        }
        return normal;
    }

    private String type(int depth) throws InvalidTypeException {
        if (depth > DEEPEST) {
            throw new InvalidTypeException("it nests more than " + DEEPEST + " levels");
        }
        String name = take();
        switch (name) {
            case "decimal":
            case "dec":
            case "numeric":
                return decimal();
            case "array":
                expect("<");
                String element = type(depth + 1);
                expect(">");
                return "array<" + element + ">";
            case "map":
                expect("<");
                String key = type(depth + 1);
                expect(",");
                String value = type(depth + 1);
                expect(">");
                return "map<" + key + "," + value + ">";
            case "struct":
                return struct(depth);
            default:
                if (!SIMPLE.containsKey(name)) {
                    throw new InvalidTypeException(
                            "'" + name + "' is no type" + Suggestion.didYouMean(name, SUGGESTED));
                }
                return SIMPLE.get(name);
        }
    }

    private String decimal() throws InvalidTypeException {
        if (!peek().equals("(")) {
            return "decimal(10,0)";
        }
        expect("(");
        int precision = number();
        int scale = 0;
        if (peek().equals(",")) {
            expect(",");
            scale = number();
        }
        expect(")");
        if (precision < 1 || precision > 38 || scale > precision) {
            throw new InvalidTypeException("decimal(" + precision + "," + scale + ") is not within decimal(38,38)");
        }
        return "decimal(" + precision + "," + scale + ")";
    }

    private String struct(int depth) throws InvalidTypeException {
        expect("<");
        List<String> fields = new ArrayList<>();
        List<String> names = new ArrayList<>();
        do {
            if (!fields.isEmpty()) {
                expect(",");
            }
            String name = take();
            if (!name.matches("[a-z_][a-z0-9_]*")) {
                throw new InvalidTypeException("'" + name + "' stands where a field's name belongs");
            }
            if (names.contains(name)) {
                throw new InvalidTypeException("field '" + name + "' is given twice");
            }
            names.add(name);
            if (peek().equals(":")) {
                expect(":");
            }
            fields.add(name + ":" + type(depth + 1));
        } while (peek().equals(","));
        expect(">");
        return "struct<" + String.join(",", fields) + ">";
    }

    private int number() throws InvalidTypeException {
        String token = take();
        if (!token.matches("[0-9]{1,3}")) {
            throw new InvalidTypeException("'" + token + "' stands where a small number belongs");
        }
        return Integer.parseInt(token);
    }

    private void expect(String token) throws InvalidTypeException {
        String found = peek();
        if (!found.equals(token)) {
            throw new InvalidTypeException(
                    found.isEmpty()
                            ? "'" + token + "' is missing at its end"
                            : "'" + found + "' stands where '" + token + "' belongs");
        }
        next++;
    }

    private String take() throws InvalidTypeException {
        String token = peek();
        if (token.isEmpty()) {
            throw new InvalidTypeException("it ends too early");
        }
        next++;
        return token;
    }

    private String peek() {
        return next < tokens.size() ? tokens.get(next) : "";
    }
}
