package dev.igarape.jobs.landing.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.testing.BreakingProxy;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingMariaDb;
import dev.igarape.jobs.testing.TestingMetastore;
import dev.igarape.jobs.testing.TestingSpark;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Landing from a real MariaDB: names, dates, rights, and a server that breaks off. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class MariaDbLandingTest {
    private static final int ORDERS = 100_000;

    @TempDir
    private static Path root;

    private static TestingMariaDb server;
    private static BreakingProxy proxy;
    private static LandedDatabase database;

    @BeforeAll
    static void start(TestingMetastore metastore, TestingMariaDb mariaDb, TestingSpark spark) throws Exception {
        server = mariaDb;
        proxy = new BreakingProxy(mariaDb.port());
        database = new LandedDatabase(root, metastore, mariaDb, spark);
        database.execute(
                "CREATE TABLE orders (id bigint, note varchar(200))",
                "INSERT INTO orders SELECT seq, REPEAT('n', 100) FROM seq_1_to_" + ORDERS,
                "CREATE TABLE dated (id int, at timestamp NULL, wall datetime, day date)",
                // Clocks of the server show UTC-3.
                "INSERT INTO dated VALUES (1, '2024-01-14 11:59:59', '2024-01-14 23:59:59', '2024-01-14'),"
                        + " (2, '2024-01-14 12:00:00', '2024-01-15 00:00:00', '2024-01-15'),"
                        + " (3, '2024-01-15 11:59:59', '2024-01-15 23:59:59', '2024-01-16'),"
                        + " (4, '2024-01-15 12:00:00', '2024-01-16 00:00:00', '0000-00-00'), (5, NULL, NULL, NULL)",
                "CREATE VIEW seen AS SELECT id, at FROM dated",
                "CREATE TABLE `Order \"Lines\"` (`userId` int, `a``b` int, `a?b` int, `it's` int, `c\"d` int,"
                        + " `select` int)",
                "INSERT INTO `Order \"Lines\"` VALUES (1, 2, 3, 4, 5, 6)",
                "CREATE USER lake@'127.0.0.1' IDENTIFIED BY '" + LandedDatabase.PASSWORD + "'",
                "GRANT SELECT ON shop.orders TO lake@'127.0.0.1'");
    }

    @AfterAll
    static void stop() {
        proxy.close();
    }

    @BeforeEach
    void open() {
        proxy.breakAfter(Long.MAX_VALUE);
        database.url(server.jdbcUrl());
        database.timezone("UTC");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "table: dated, by: at | 2, 3",
                "table: shop.dated, by: at | 2, 3",
                "table: seen, by: at | 2, 3",
                "table: dated, by: wall | 2, 3",
                "table: dated, by: day | 2"
            })
    void byAColumnEachRowIsOnItsDayOfThePipelinesTimezone(String source, String ids) throws Exception {
        database.timezone("Asia/Tokyo");
        String columns = source.contains("seen") ? "" : "columns: {day: string}";
        assertThat(database.land(source, columns).orderBy("id").collectAsList())
                .extracting(row -> row.getInt(0))
                .containsExactlyElementsOf(
                        Stream.of(ids.split(", ")).map(Integer::valueOf).toList());
    }

    @Test
    void namesMayHaveAnyCharacters() throws Exception {
        Row row = database.land(
                        "table: '\"Order \"\"Lines\"\"\"'",
                        "columns: {user_id: {from: userId}, a: {from: 'a`b'}, b: {from: 'a?b'}, c: {from: \"it's\"},"
                                + " d: {from: 'c\"d'}}")
                .first();
        assertThat(row.mkString(" ")).isEqualTo("1 2 3 4 5 6");
        assertThat(row.schema().fieldNames()).containsExactly("user_id", "a", "b", "c", "d", "select");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "table: nonesuch | `` | nonesuch can't be read: Table 'shop.nonesuch' doesn't exist. Nothing was committed",
                "table: other.orders | `` | other.orders can't be read: ",
                "table: '\"x; DROP TABLE orders\"' | `` | Table 'shop.x; DROP TABLE orders' doesn't exist",
                "table: dated, by: nope | `` | has no column nope, which `by` names. It has id, at, wall, day",
                "table: dated, by: id | `` | has in id, which",
                "table: dated | columns: {x: int} | come from x, but dated has no such column. It has id, at, wall, day",
                "table: dated, user: nobody | `` | Access denied for user 'nobody'@'127.0.0.1'",
                "table: dated, user: lake, password: \"${PASSWORD}\" | `` | command denied to user 'lake'@'127.0.0.1'",
                "table: dated, drain: true | `` | Cannot drain dated to raw.landed: it is in no PostgreSQL database"
            })
    void whatTheDatabaseRefusesIsADefinitionsFault(String source, String more, String fault) {
        if (source.contains("user:")) {
            database.url(withoutUser(server.jdbcUrl()));
        }
        assertThatThrownBy(() -> database.land(source, more))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining(fault);
    }

    private static String withoutUser(String url) {
        return url.replaceFirst("[?].*", "");
    }

    @Test
    void noMessageSaysAPassword() {
        database.url("jdbc:mariadb:127.0.0.1/shop?password=hush&user=lake");
        assertThatThrownBy(() -> database.land("table: orders", ""))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("jdbc:mariadb:127.0.0.1/shop?password=…&user=lake")
                .hasMessageNotContaining("hush");
        database.url("jdbc:mysql://127.0.0.1/shop?password=hush");
        assertThatThrownBy(() -> database.land("table: orders", ""))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("${DB} does not begin with jdbc:postgresql: or jdbc:mariadb:. Mend the variable")
                .hasMessageNotContaining("hush");
        database.url("jdbc:mariadb://127.0.0.1:" + server.port() + "/shop?password=hush&user=lake");
        assertThatThrownBy(() -> database.land("table: orders", ""))
                .hasMessageContaining("Access denied for user 'lake'@'127.0.0.1'")
                .hasMessageNotContaining("hush");
    }

    @Test
    void aSourceThatBreaksOffCommitsNothing() throws Exception {
        database.url(server.jdbcUrl().replace(":" + server.port(), ":" + proxy.port()));
        proxy.breakAfter(1_000_000);
        assertThatThrownBy(() -> database.land("table: orders", ""))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNAVAILABLE))
                .hasMessageContaining("Cannot land raw.landed for 2024-01-15: orders could not be read to its end")
                .hasMessageContaining("Nothing was committed");
        assertThat(database.commits()).isZero();
        database.url(withoutUser(server.jdbcUrl()));
        assertThat(database.land("table: orders, user: lake, password: \"${PASSWORD}\"", "")
                        .count())
                .isEqualTo(ORDERS);
    }

    @Test
    void aDatabaseThatIsDownIsUnavailable() {
        database.url("jdbc:mariadb://127.0.0.1:1/shop?user=root");
        assertThatThrownBy(() -> database.land("table: orders", ""))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNAVAILABLE));
    }

    /** The server sends more than the proxy lets through, so a driver that waits for all of it fails. */
    @Test
    void rowsAreThereBeforeAllAreRead() throws Exception {
        database.url(server.jdbcUrl().replace(":" + server.port(), ":" + proxy.port()));
        proxy.breakAfter(2_000_000);
        assertThat(database.rows("table: orders", "columns: {id: bigint, note: string}", rows -> "")
                        .limit(1)
                        .collectAsList())
                .extracting(row -> row.getString(1))
                .containsExactly("n".repeat(100));
    }

    @Test
    void textsOfAConditionAreComparedByTheirBytes() throws Exception {
        database.execute(
                "CREATE TABLE named (name varchar(10) CHARACTER SET latin1)",
                "INSERT INTO named VALUES ('A'), ('a'), ('ä'), ('b '), ('b'), ('it''s'), ('\\\\''')");
        assertThat(names(rows -> rows.byBytes("name") + " >= " + rows.literal("a") + " AND " + rows.byBytes("name")
                        + " < " + rows.literal("b ")))
                .containsExactlyInAnyOrder("a", "b");
        assertThat(names(rows -> rows.byBytes("name") + " > " + rows.literal("it's")))
                .containsExactly("ä");
        assertThat(names(rows -> rows.quoted("name") + " = " + rows.literal("\\'")))
                .containsExactly("\\'");
    }

    private static List<String> names(Function<DatabaseRows, String> condition) throws Exception {
        return database.rows("table: named", "columns: {name: string}", condition).collectAsList().stream()
                .map(row -> row.getString(0))
                .toList();
    }
}
