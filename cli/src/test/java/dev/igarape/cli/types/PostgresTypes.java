package dev.igarape.cli.types;

import java.util.List;
import java.util.stream.Collectors;

/** PostgreSQL's types, as columns of a table that a JDBC landing reads. */
final class PostgresTypes {
    private PostgresTypes() {}

    static TypedSource source() {
        return new TypedSource(
                "postgresql",
                "PostgreSQL (JDBC)",
                "label",
                "raw.postgresql_types",
                List.of(
                        column("bool", "boolean", Kind.BOOLEAN),
                        column("int2", "smallint", Kind.SMALLINT),
                        column("int4", "integer", Kind.INTEGER),
                        column("int8", "bigint", Kind.BIGINT),
                        column("float4", "real", Kind.FLOAT),
                        column("float8", "double precision", Kind.DOUBLE),
                        column("exact", "numeric(38,18)", Kind.DECIMAL),
                        column("free", "numeric", Kind.DECIMAL),
                        column("text", "text", Kind.TEXT),
                        column("uuid", "uuid", Kind.NAME),
                        column("bytes", "bytea", Kind.BYTES),
                        column("day", "date", Kind.DATE),
                        column("wall", "timestamp", Kind.WALL),
                        column("at", "timestamptz", Kind.INSTANT)));
    }

    private static TypedColumn column(String name, String type, Kind kind) {
        return TypedColumn.typed(name, type, kind, name);
    }

    /** A statement for psql that makes and fills the table. */
    static String table(String name) {
        TypedSource source = source();
        String columns = source.columns().stream()
                .map(column -> column.name() + " " + column.type())
                .collect(Collectors.joining(", "));
        String rows = source.rows().stream()
                .map(row -> source.columns().stream()
                        .map(column -> literal(column, row))
                        .collect(Collectors.joining(", ", "('" + row + "', ", ")")))
                .collect(Collectors.joining(",\n"));
        return "CREATE TABLE " + name + " (label text, " + columns + "); INSERT INTO " + name + " VALUES " + rows;
    }

    private static String literal(TypedColumn column, String row) {
        String text = column.extremes().get(row);
        if (text == null) {
            return "NULL";
        }
        return column.kind() == Kind.BYTES ? "'\\x" + text + "'" : "'" + text + "'";
    }
}
