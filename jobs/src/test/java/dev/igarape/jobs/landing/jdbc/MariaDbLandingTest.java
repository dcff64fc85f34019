package dev.igarape.jobs.landing.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.testing.BreakingProxy;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingMariaDb;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Landing from a real MariaDB: names, dates, rights, and a server that breaks off. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class MariaDbLandingTest {
    private static final int ORDERS = 100_000;

    private static TestingMariaDb server;
    private static BreakingProxy proxy;
    private static LandedDatabase database;

    @BeforeAll
    static void start(LocalLake lake, TestingMariaDb mariaDb) throws Exception {
        server = mariaDb;
        proxy = new BreakingProxy(mariaDb.port());
        database = new LandedDatabase(lake, mariaDb);
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
                "GRANT SELECT ON shop.orders TO lake@'127.0.0.1'",
                "CREATE USER locked@'127.0.0.1' IDENTIFIED BY '" + LandedDatabase.PASSWORD + "' ACCOUNT LOCK",
                "CREATE FUNCTION counted() RETURNS int BEGIN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'none left';"
                        + " RETURN 1; END",
                "CREATE TABLE keyed (name varchar(10) CHARACTER SET latin1, digits binary(2), big decimal(20,0))",
                "INSERT INTO keyed (name) VALUES ('A'), ('a'), ('ä'), ('b '), ('b'), ('it''s'), ('\\\\''')",
                "INSERT INTO keyed (digits, big) VALUES (x'0c02', 1), (x'ab01', 9007199254740992),"
                        + " (NULL, 9007199254740993)",
                "CREATE VIEW failing AS SELECT counted() AS id");
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
        assertThat(database.land(source, "").orderBy("id").collectAsList())
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
                "table: failing | `` | failing can't be read: none left. Nothing was committed",
                "table: dated, user: locked, password: \"${PASSWORD}\" | `` | Access denied, this account is locked",
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

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // As of a variable that is empty.
                "jdbc:mariadb://127.0.0.1:/shop | the driver can't read its URL",
                "jdbc:postgresql://127.0.0.1:/shop | the driver can't read its URL",
                "jdbc:mariadb://127.0.0.1:{port}/shop?user=root&sessionVariables=nonesuch=1"
                        + " | Unknown system variable 'nonesuch'",
                "jdbc:mariadb://127.0.0.1:{port}/nonesuch?user=root | Unknown database 'nonesuch'"
            })
    void aUrlThatNoDatabaseAnswersIsADefinitionsFault(String url, String fault) {
        database.url(url.replace("{port}", Integer.toString(server.port())));
        assertThatThrownBy(() -> database.land("table: orders", ""))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("orders can't be read: " + fault + ". Nothing was committed");
    }

    @Test
    void aUserWithTooManyConnectionsWaits() throws Exception {
        database.execute(
                "CREATE USER crowd@'127.0.0.1' WITH MAX_USER_CONNECTIONS 1",
                "GRANT SELECT ON shop.* TO crowd@'127.0.0.1'");
        String url = withoutUser(server.jdbcUrl()) + "?user=crowd";
        database.url(url);
        try (Connection one = DriverManager.getConnection(url)) {
            assertThat(one.isValid(10)).isTrue();
            assertThatThrownBy(() -> database.land("table: orders", ""))
                    .isInstanceOfSatisfying(
                            LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.UNAVAILABLE))
                    .hasMessageContaining("max_user_connections");
        }
    }

    @Test
    void noMessageSaysAPassword() throws Exception {
        String unreadable = "jdbc:mariadb:127.0.0.1/shop?password=hu;sh&user=lake";
        database.url(unreadable);
        assertThatThrownBy(() -> database.land("table: orders", ""))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("${DB}")
                .hasMessageNotContainingAny("hu;", ";sh");
        assertThat(database.failure(unreadable))
                .hasMessageContaining("jdbc:mariadb:127.0.0.1/shop?password=…&user=lake")
                .hasMessageNotContainingAny("hu;", ";sh");
        database.url("jdbc:mysql://127.0.0.1/shop?password=hush");
        assertThatThrownBy(() -> database.land("table: orders", ""))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("${DB} does not begin with jdbc:postgresql: or jdbc:mariadb:. Mend the variable")
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
        assertThat(database.rows("table: orders", "columns: {id: bigint, note: string}", keys("id", "bigint", "", ""))
                        .limit(1)
                        .collectAsList())
                .extracting(row -> row.getString(1))
                .containsExactly("n".repeat(100));
    }

    /** Text keys are compared by their bytes, bytes by the digits that the lake has for them, and numbers by their value. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "name|string|a|b |a,b",
                "name|string|it's||it's,ä",
                "name|string||A\\|A",
                "name|string|\\'|\\(|\\'",
                "digits|string|0A|0D|0C02",
                "big|decimal(20,0)|9007199254740993||9007199254740993",
                "big|decimal(20,0)|-1e0|9007199254740992.0|1"
            })
    void aRangeOfKeysIsThatOfTheLake(String column, String type, String from, String to, String found)
            throws Exception {
        List<String> rows = database
                .rows("table: keyed", "columns: {" + column + ": \"" + type + "\"}", keys(column, type, from, to))
                .where(column + " IS NOT NULL")
                .collectAsList()
                .stream()
                .map(row -> row.get(0).toString())
                .toList();
        assertThat(rows).containsExactlyInAnyOrder(found.split(","));
    }

    private static KeyRange keys(String column, String type, String from, String to) {
        return new KeyRange(column, type, given(from), given(to));
    }

    private static Optional<String> given(String text) {
        return Optional.ofNullable(text).filter(value -> !value.isEmpty());
    }
}
