package dev.igarape.jobs.landing.jdbc.dialect;

import dev.igarape.model.sql.SqlIdentifier;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/**
 * A column in PostgreSQL's catalog.
 *
 * @param type as the database shows it, e.g. {@code numeric(10,2)[]}
 * @param kind the base type under domains and arrays: the name of a built-in type, {@link #COMPOSITE}, {@link #HSTORE},
 *     or {@link #OTHER}
 * @param modifier precision and scale as PostgreSQL encodes them; -1: none
 * @param dimensions levels of arrays around the base type: 0 or 1, more only with domains over arrays, because
 *     PostgreSQL's array types do not count dimensions
 */
record PostgresColumn(String name, String type, String kind, int modifier, int dimensions) implements SourceColumn {
    static final String COMPOSITE = "(composite)";
    static final String HSTORE = "(hstore)";
    static final String OTHER = "(other)";

    /** Each step goes from a domain to its base type, or from an array to its element type. */
    private static final String CATALOG = """
            WITH RECURSIVE step AS (
              SELECT a.attnum, 1 AS step, 0 AS dimensions, a.atttypid AS type, a.atttypmod AS modifier
              FROM pg_catalog.pg_attribute a
              WHERE a.attrelid = CAST(CAST(? AS pg_catalog.text) AS pg_catalog.regclass)
                AND a.attnum > 0 AND NOT a.attisdropped
              UNION ALL
              SELECT s.attnum, s.step + 1,
                s.dimensions + CASE WHEN t.typtype = 'd' THEN 0 ELSE 1 END,
                CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE t.typelem END,
                CASE WHEN t.typtype = 'd' AND s.modifier = -1 THEN t.typtypmod ELSE s.modifier END
              FROM step s
              JOIN pg_catalog.pg_type t ON t.oid = s.type
              LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem
              WHERE t.typtype = 'd' OR e.typarray = t.oid
            )
            SELECT DISTINCT ON (s.attnum) a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
              CASE WHEN t.typtype = 'c' THEN '%s'
                   WHEN n.nspname = 'pg_catalog' AND t.typtype = 'b' THEN t.typname
                   WHEN t.typname = 'hstore' AND t.typtype = 'b' THEN '%s'
                   ELSE '%s' END AS kind,
              s.modifier, s.dimensions
            FROM step s
            JOIN pg_catalog.pg_attribute a
              ON a.attnum = s.attnum AND a.attrelid = CAST(CAST(? AS pg_catalog.text) AS pg_catalog.regclass)
            JOIN pg_catalog.pg_type t ON t.oid = s.type
            JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
            ORDER BY s.attnum, s.step DESC""".formatted(COMPOSITE, HSTORE, OTHER);

    /**
     * The columns of a table or view, in order.
     *
     * @param table as in {@link dev.igarape.model.Source.Jdbc}
     */
    static List<SourceColumn> of(Connection connection, String table) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(CATALOG)) {
            statement.setString(1, SqlIdentifier.ofTable(table));
            statement.setString(2, SqlIdentifier.ofTable(table));
            List<SourceColumn> columns = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    columns.add(new PostgresColumn(
                            rows.getString(1), rows.getString(2), rows.getString(3), rows.getInt(4), rows.getInt(5)));
                }
            }
            return columns;
        }
    }

    @Override
    public DataType lakeType() {
        return PostgresTypes.typeOf(this);
    }

    @Override
    public String text(DataType type) {
        return PostgresTypes.text(this, type);
    }

    @Override
    public String byBytes() {
        return text(DataTypes.StringType) + " COLLATE \"C\"";
    }

    @Override
    public Optional<String> startOf(LocalDate date, ZoneId timezone) {
        if (dimensions > 0) {
            return Optional.empty();
        }
        switch (kind) {
            case "timestamptz":
                return Optional.of("TIMESTAMPTZ '" + date.atStartOfDay(timezone).toInstant() + "'");
            case "date":
                return Optional.of("DATE '" + date + "'");
            case "timestamp":
                return Optional.of("TIMESTAMP '" + date + " 00:00:00'");
            default:
                return Optional.empty();
        }
    }
}
