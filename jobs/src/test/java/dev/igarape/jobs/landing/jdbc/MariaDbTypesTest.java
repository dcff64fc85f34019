package dev.igarape.jobs.landing.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingMariaDb;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TimeZone;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the values of MariaDB's types are in the lake. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class MariaDbTypesTest {
    private static LandedDatabase database;

    @BeforeAll
    static void start(LocalLake lake, TestingMariaDb mariaDb) {
        database = new LandedDatabase(lake, mariaDb);
    }

    @BeforeEach
    void utc() {
        database.timezone("UTC");
    }

    /** Type and value in MariaDB, whose clocks show UTC-3; type and value in the lake. */
    private static final String VALUES = """
            tinyint | -128 | tinyint | -128
            tinyint(1) | 2 | tinyint | 2
            boolean | true | tinyint | 1
            tinyint unsigned | 255 | smallint | 255
            smallint | -32768 | smallint | -32768
            smallint unsigned | 65535 | int | 65535
            mediumint | -8388608 | int | -8388608
            mediumint unsigned | 16777215 | int | 16777215
            int | -2147483648 | int | -2147483648
            int unsigned | 4294967295 | bigint | 4294967295
            int(6) zerofill | 42 | bigint | 42
            bigint | -9223372036854775808 | bigint | -9223372036854775808
            bigint unsigned | 18446744073709551615 | decimal(20,0) | 18446744073709551615
            decimal | -9999999999 | decimal(10,0) | -9999999999
            decimal(10,2) unsigned | 1.5 | decimal(10,2) | 1.50
            decimal(38,0) | -99999999999999999999999999999999999999 | decimal(38,0) | -99999999999999999999999999999999999999
            decimal(38,38) | 0.00000000000000000000000000000000000001 | decimal(38,38) | 1E-38
            decimal(65,2) | 123456789012345678901234567890123456.78 | decimal(38,2) | 123456789012345678901234567890123456.78
            float | 1.17549435e-38 | float | 1.17549435E-38
            float | 1234567.9 | float | 1234567.9
            float | -0.1 | float | -0.1
            float(7,2) | 0.1 | float | 0.1
            double | 1.7976931348623157e308 | double | 1.7976931348623157E308
            double | -2.2250738585072014e-308 | double | -2.2250738585072014E-308
            double | 0.1 | double | 0.1
            double | 123456789012345680000 | double | 1.2345678901234568E20
            bit(1) | b'1' | boolean | true
            bit(1) | b'0' | boolean | false
            bit(5) | b'00101' | string | 00101
            bit(64) | x'8000000000000001' | string | 1000000000000000000000000000000000000000000000000000000000000001
            date | '0001-01-01' | date | 0001-01-01
            date | '1582-10-10' | date | 1582-10-10
            date | '9999-12-31' | date | 9999-12-31
            datetime | '2024-01-15 01:00:00' | timestamp_ntz | 2024-01-15T01:00
            datetime(3) | '9999-12-31 23:59:59.999' | timestamp_ntz | 9999-12-31T23:59:59.999
            datetime(6) | '1582-10-10 12:00:00.000001' | timestamp_ntz | 1582-10-10T12:00:00.000001
            timestamp NULL | '2024-01-15 01:00:00' | timestamp | 2024-01-15T04:00:00Z
            timestamp(6) NULL | '2038-01-18 23:59:59.999999' | timestamp | 2038-01-19T02:59:59.999999Z
            time | '-838:59:59' | string | -838:59:59
            time(6) | '23:59:59.999999' | string | 23:59:59.999999
            year | 2155 | smallint | 2155
            year | '0000' | smallint | 0
            char(5) | 'ab' | string | ab
            varchar(20) | '🦜 ç' | string | 🦜 ç
            varchar(20) CHARACTER SET latin1 | 'São João' | string | São João
            text CHARACTER SET utf16 | '🦜' | string | 🦜
            tinytext | 'a' | string | a
            mediumtext | 'b' | string | b
            longtext | '\\\\' | string | \\
            enum('sad','happy') | 'happy' | string | happy
            set('a','b','c') | 'c,a' | string | a,c
            json | '{"a": 1.00, "b" : null}' | string | {"a": 1.00, "b" : null}
            inet6 | '::1' | string | ::1
            inet4 | '10.0.0.1' | string | 10.0.0.1
            uuid | 'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11' | string | a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11
            """;

    @Test
    void valuesOfEveryTypeLandAsTheyAre() throws Exception {
        List<String[]> values =
                VALUES.lines().map(line -> line.strip().split(" \\| ")).toList();
        StringBuilder columns = new StringBuilder("n int");
        StringBuilder row = new StringBuilder("1");
        List<String> expected = new ArrayList<>();
        for (String[] value : values) {
            columns.append(", v").append(expected.size()).append(' ').append(value[0]);
            row.append(", ").append(value[1]);
            expected.add(value[0] + " " + value[2] + " " + value[3]);
        }
        database.execute(
                "CREATE TABLE every (" + columns + ")",
                "INSERT INTO every VALUES (" + row + ")",
                "INSERT INTO every (n) VALUES (2)");
        List<Row> both = database.land("table: every", "").orderBy("n").collectAsList();
        assertThat(both).hasSize(2);
        List<String> landed = new ArrayList<>();
        for (int i = 0; i < values.size(); i++) {
            assertThat(both.get(1).isNullAt(i + 1)).as(values.get(i)[0]).isTrue();
            landed.add(values.get(i)[0] + " "
                    + both.get(0).schema().apply(i + 1).dataType().catalogString() + " "
                    + both.get(0).get(i + 1));
        }
        assertThat(landed).containsExactlyElementsOf(expected);
    }

    @Test
    void bytesAndBlanksAreKept() throws Exception {
        database.execute(
                "CREATE TABLE kept (v blob, none varbinary(5), filled binary(4), hex binary(2), padded char(5),"
                        + " blanks varchar(5))",
                "INSERT INTO kept VALUES (x'00ff5c', '', x'01', x'ab01', 'ab', 'ab  ')",
                "SET GLOBAL sql_mode = 'PAD_CHAR_TO_FULL_LENGTH'");
        try {
            Row row = database.land("table: kept", "columns: {hex: string}").first();
            assertThat(row.<byte[]>getAs("v")).containsExactly(0, -1, 0x5c);
            assertThat(row.<byte[]>getAs("none")).isEmpty();
            assertThat(row.<byte[]>getAs("filled")).containsExactly(1, 0, 0, 0);
            assertThat(row.<String>getAs("hex")).isEqualTo("AB01");
            assertThat(row.<String>getAs("padded")).isEqualTo("ab");
            assertThat(row.<String>getAs("blanks")).isEqualTo("ab  ");
            // Spark would fill up what it takes for a char.
            assertThat(row.schema().apply("padded").metadata().json()).doesNotContain("\"char(");
        } finally {
            database.execute("SET GLOBAL sql_mode = ''");
        }
        for (String type : List.of("int", "date", "\"array<int>\"")) {
            assertThatThrownBy(() -> database.land("table: kept", "columns: {hex: " + type + "}"))
                    .hasMessageContaining("has in column hex '0xAB01', which");
        }
    }

    @Test
    void largeValuesAreKept() throws Exception {
        // More than the 16 MB of a packet.
        database.execute(
                "CREATE TABLE large (t longtext, b longblob) ENGINE = Aria",
                "INSERT INTO large SELECT REPEAT('0123456789', 1800000), REPEAT(x'00ff', 9000000)");
        Row row = database.land("table: large", "").first();
        assertThat(row.getString(0)).hasSize(18_000_000).startsWith("0123").endsWith("6789");
        assertThat(row.<byte[]>getAs(1)).hasSize(18_000_000).startsWith(0, -1).endsWith(0, -1);
    }

    @Test
    void aWallTimeIsAWallTime() throws Exception {
        database.execute(
                "CREATE TABLE walls (t datetime, z timestamp NULL)",
                "INSERT INTO walls VALUES ('2024-01-15 01:00', '2024-01-15 01:00')");
        TimeZone machine = TimeZone.getDefault();
        try {
            for (String zone : List.of("America/Sao_Paulo", "Asia/Tokyo")) {
                TimeZone.setDefault(
                        TimeZone.getTimeZone(zone.equals("Asia/Tokyo") ? "America/New_York" : "Asia/Kolkata"));
                database.timezone(zone);
                assertThat(database.land("table: walls", "").collectAsList())
                        .extracting(row -> row.get(0), row -> row.get(1))
                        .containsExactly(
                                tuple(LocalDateTime.parse("2024-01-15T01:00"), Instant.parse("2024-01-15T04:00:00Z")));
                assertThat(database.hiveColumns()).isEqualTo(Map.of("t", "timestamp", "z", "timestamp"));
            }
        } finally {
            TimeZone.setDefault(machine);
        }
        Row declared = database.land("table: walls", "columns: {t: timestamp, z: string}")
                .first();
        assertThat(declared.get(0)).isEqualTo(Instant.parse("2024-01-14T16:00:00Z"));
        assertThat(declared.get(1)).isEqualTo("2024-01-15 04:00:00+00");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "date | 0000-00-00 | date | ''",
                "date | 2024-00-10 | date | ''",
                "datetime | 0000-00-00 00:00:00 | timestamp_ntz | ''",
                "datetime | 0000-00-00 00:00:00 | timestamp | ''",
                "decimal(65,30) | 123456789.5 | decimal(38,30) | decimal(38,1)",
                "bigint unsigned | 18446744073709551615 | bigint | decimal(38,0)",
                "tinyint(1) | 2 | boolean | ''",
                "longtext | {\"x\": 1} y | struct<x:int> | ''",
                "longtext | '' | array<int> | ''"
            })
    void whatDoesNotFitIsRefusedWithARemedyThatWorks(String type, String value, String lakeType, String better)
            throws Exception {
        database.execute(
                "DROP TABLE IF EXISTS unfit",
                "CREATE TABLE unfit (id int, v " + type + ")",
                "INSERT INTO unfit VALUES (1, NULL), (2, '" + value + "')");
        assertThatThrownBy(() -> database.land("table: unfit", "columns: {v: \"" + lakeType + "\"}"))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageStartingWith(
                        "Cannot land raw.landed for 2024-01-15: unfit has in column v '" + shown(type, value) + "'")
                .hasMessageContaining("which " + lakeType + " can't hold exactly. Nothing was committed.")
                .hasMessageContaining("`columns: {v: string}`");
        assertThat(database.commits()).isZero();
        assertThat(landed("string")).hasToString(shown(type, value));
        if (!better.isEmpty()) {
            assertThat(landed(better)).hasToString(value);
        }
    }

    private static Object landed(String type) throws Exception {
        return database.land("table: unfit", "columns: {v: \"" + type + "\"}")
                .where("id = 2")
                .first()
                .get(1);
    }

    /** What the database writes. */
    private static String shown(String type, String value) {
        return type.equals("decimal(65,30)") ? value + "0".repeat(29) : value;
    }

    @Test
    void aMomentOfZerosIsRefused() throws Exception {
        database.execute("CREATE TABLE zeros (z timestamp NULL)", "INSERT INTO zeros VALUES ('0000-00-00 00:00:00')");
        assertThatThrownBy(() -> database.land("table: zeros", ""))
                .hasMessageContaining(
                        "zeros has in column z '0000-00-00 00:00:00+00', which timestamp can't hold exactly");
        assertThat(database.land("table: zeros", "columns: {z: string}").first().getString(0))
                .isEqualTo("0000-00-00 00:00:00+00");
    }

    @Test
    void declaredTypesAreHeldExactly() throws Exception {
        database.execute(
                "CREATE TABLE declared (paid tinyint(1), big bigint unsigned, doc json, price decimal(65,2), flags bit(8),"
                        + " open bit(1))",
                "INSERT INTO declared VALUES (1, 7, '{\"x\": [1, 2], \"y\": null}', 1.50, b'11', b'1')");
        Row row = database.land(
                        "table: declared",
                        "columns: {paid: boolean, big: bigint, doc: \"struct<x: array<int>, y: string>\","
                                + " price: \"decimal(10,2)\", flags: smallint, open: int}")
                .first();
        assertThat(row.toString()).isEqualTo("[true,7,[WrappedArray(1, 2),null],1.50,3,1]");
    }

    @Test
    void aTypeThatNoTypeOfTheLakeHoldsIsNamed() throws Exception {
        database.execute(
                "CREATE TABLE placed (id int, place point, area geometry)",
                "CREATE VIEW readable AS SELECT id, ST_AsText(place) AS place FROM placed",
                "INSERT INTO placed VALUES (1, POINT(1.5, -2), NULL)");
        assertThatThrownBy(() -> database.land("table: placed", "columns: {place: string}"))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining(
                        "placed has columns of types that landings do not read: place point, area geometry."
                                + " Nothing was read. Make a view");
        assertThat(database.land("table: readable", "").first().toString()).isEqualTo("[1,POINT(1.5 -2)]");
    }
}
