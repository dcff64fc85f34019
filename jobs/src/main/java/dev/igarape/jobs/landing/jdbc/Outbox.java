package dev.igarape.jobs.landing.jdbc;

import dev.igarape.jobs.landing.jdbc.dialect.Dialect;
import dev.igarape.jobs.storage.Sha256;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.sql.SqlIdentifier;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;

/** A table of a database that is drained: rows that were landed are deleted by their primary key. */
final class Outbox {
    private static final int IDENTITY = 16;
    /** Types of keys whose text PostgreSQL reads as the same key again. */
    private static final Map<String, String> KEYS =
            Map.of("int2", "int2", "int4", "int4", "int8", "int8", "uuid", "uuid", "text", "text", "varchar", "text");

    private static final String PRIMARY_KEY = """
            SELECT a.attname, t.typname,
              pg_catalog.has_table_privilege(CAST(CAST(? AS pg_catalog.text) AS pg_catalog.regclass), 'DELETE')
            FROM pg_catalog.pg_index i
            JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = ANY (i.indkey)
            JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
            WHERE i.indisprimary AND i.indrelid = CAST(CAST(? AS pg_catalog.text) AS pg_catalog.regclass)""";

    private final SourceDatabase database;
    private final Function<Exception, RuntimeException> failure;

    /** @param failure explains what reading throws */
    Outbox(SourceDatabase database, Function<Exception, RuntimeException> failure) {
        this.database = database;
        this.failure = failure;
    }

    /**
     * The column of the primary key.
     *
     * @param type that of the key for SQL
     */
    record Key(String column, String type) {
        boolean isWhole() {
            return type.startsWith("int");
        }
    }

    /**
     * Looks up the primary key.
     *
     * @throws LakeException DEFINITION if rows can't be deleted by it
     */
    Key key() {
        List<Key> keys = new ArrayList<>();
        boolean deletes = true;
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement(PRIMARY_KEY)) {
            statement.setString(1, SqlIdentifier.ofTable(database.source().table()));
            statement.setString(2, SqlIdentifier.ofTable(database.source().table()));
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    keys.add(new Key(rows.getString(1), rows.getString(2)));
                    deletes = rows.getBoolean(3);
                }
            }
        } catch (SQLException e) {
            throw failure.apply(e);
        }
        if (keys.size() != 1 || !KEYS.containsKey(keys.get(0).type())) {
            throw refused(
                    "has no primary key of one column that is a whole number, a uuid or text, by which landed rows could"
                            + " be deleted. Give it one: ADD COLUMN id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY; or"
                            + " leave out `drain`.");
        }
        if (!deletes) {
            throw refused("may not be deleted from by the landing's user. GRANT DELETE ON it, or leave out `drain`.");
        }
        return new Key(keys.get(0).column(), KEYS.get(keys.get(0).type()));
    }

    /** Whether it has no row now. */
    boolean isEmpty() {
        try (Connection connection = connect();
                PreparedStatement statement = connection.prepareStatement("SELECT 1 FROM "
                        + SqlIdentifier.ofTable(database.source().table()) + " LIMIT 1");
                ResultSet rows = statement.executeQuery()) {
            return !rows.next();
        } catch (SQLException e) {
            throw failure.apply(e);
        }
    }

    /**
     * Deletes the rows that have these keys, as far as they are there.
     *
     * @throws LakeException DEFINITION if the database says that it did and still has some
     */
    void delete(Key key, List<String> values) throws SQLException {
        String ofKeys = " FROM %s WHERE %s = ANY (CAST(CAST(? AS pg_catalog.text[]) AS pg_catalog.%s[]))"
                .formatted(
                        SqlIdentifier.ofTable(database.source().table()),
                        SqlIdentifier.quoted(key.column()),
                        key.type());
        try (Connection connection = connect();
                PreparedStatement delete = connection.prepareStatement("DELETE" + ofKeys);
                PreparedStatement left = connection.prepareStatement("SELECT count(*)" + ofKeys)) {
            Array keys = connection.createArrayOf("text", values.toArray());
            delete.setArray(1, keys);
            delete.executeUpdate();
            left.setArray(1, keys);
            try (ResultSet count = left.executeQuery()) {
                count.next();
                if (count.getLong(1) > 0) {
                    throw refused(
                            "still has %d landed rows after they were deleted, as a trigger or a policy of row level security does that keeps them. Nothing is landed until they go: let the landing's user delete what it reads."
                                    .formatted(count.getLong(1)));
                }
            }
        }
    }

    /** A short text that is another one for another table, or a table of another database. */
    String identity() {
        return Sha256.of((database.lake().expand(database.source().url()).replaceFirst("\\?.*", "") + " "
                                + SqlIdentifier.ofTable(database.source().table()))
                        .getBytes(StandardCharsets.UTF_8))
                .substring(0, IDENTITY);
    }

    /**
     * Refuses a landed column that is not the key as it is, by which no row could be deleted.
     *
     * @throws LakeException DEFINITION if it is not
     */
    void requireKept(Key key, String column, DataType type) {
        boolean whole = type.equals(DataTypes.LongType)
                || type.equals(DataTypes.IntegerType)
                || type.equals(DataTypes.ShortType)
                || type.equals(DataTypes.ByteType);
        if (!type.equals(DataTypes.StringType) && !(whole && key.isWhole())) {
            throw refused("has the key " + key.column() + ", which column " + column + " has as "
                    + type.catalogString() + ", so that landed rows could not be found again. Declare it "
                    + (key.isWhole() ? "bigint" : "string") + ", or leave out `drain`.");
        }
    }

    private Connection connect() throws SQLException {
        Optional<Dialect> dialect = database.dialect().filter(Dialect::isDrained);
        return database.connect(dialect.orElseThrow(() -> refused("is in no PostgreSQL database, since "
                + database.source().url()
                + " does not begin with jdbc:postgresql:, and landings drain tables of no other."
                + " Mend the variable, or leave out `drain` and land what each date has.")));
    }

    private LakeException refused(String problem) {
        return new LakeException(
                ExitCode.DEFINITION,
                "Cannot drain " + database.source().table() + " to "
                        + database.table().name() + ": it " + problem);
    }
}
