package dev.igarape.model.sql;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Identifiers of a database's tables and columns, and how to quote them in standard SQL. */
public final class SqlIdentifier {
    /** A part of a table's name: a word, which means itself in its own letters, or anything in double quotes. */
    public static final String PART =
            "([A-Za-z_\\u0080-\\uFFFF][A-Za-z0-9_$\\u0080-\\uFFFF]*|\"([^\"\\x00-\\x1F]|\"\")+\")";

    private static final Pattern PARTS = Pattern.compile(PART);
    private static final Pattern QUOTED = Pattern.compile("\"(([^\"]|\"\")+)\"");

    private SqlIdentifier() {}

    /** The name of a table for SQL, each part in double quotes: {@code shop.Orders} is {@code "shop"."Orders"}. */
    public static String ofTable(String table) {
        return parts(table).stream().map(SqlIdentifier::quoted).collect(Collectors.joining("."));
    }

    /** The parts of a table's name, without their quotes: {@code shop.Orders} is {@code shop} and {@code Orders}. */
    public static List<String> parts(String table) {
        return PARTS.matcher(table)
                .results()
                .map(part -> unquoted(part.group()))
                .toList();
    }

    /** An identifier without its double quotes, if it has any. */
    public static String unquoted(String name) {
        Matcher quoted = QUOTED.matcher(name);
        return quoted.matches() ? quoted.group(1).replace("\"\"", "\"") : name;
    }

    /** An identifier in double quotes, whatever characters it has. */
    public static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
