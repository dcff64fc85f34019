package dev.igarape.jobs.landing.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingPostgres;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TimeZone;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the values of PostgreSQL's types are in the lake. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class PostgresTypesTest {
    private static LandedDatabase database;

    @BeforeAll
    static void start(LocalLake lake, TestingPostgres postgres) throws Exception {
        database = new LandedDatabase(lake, postgres);
        database.execute(
                "CREATE EXTENSION hstore",
                "CREATE EXTENSION citext",
                "CREATE TYPE mood AS ENUM ('sad', 'happy')",
                "CREATE TYPE price AS (amount numeric(10,2), \"user-id\" int, note text)",
                "CREATE DOMAIN cents AS numeric(12,2)",
                "CREATE DOMAIN paid AS cents",
                "CREATE DOMAIN row3 AS int[]");
    }

    @BeforeEach
    void utc() {
        database.timezone("UTC");
    }

    /** Type and value in PostgreSQL, type and value in the lake. */
    private static final String VALUES = """
            bool | true | boolean | true
            int2 | -32768 | smallint | -32768
            int4 | -2147483648 | int | -2147483648
            int8 | -9223372036854775808 | bigint | -9223372036854775808
            oid | 4294967295 | bigint | 4294967295
            real | 1.17549435e-38 | float | 1.17549435E-38
            real | NaN | float | NaN
            double precision | 1.7976931348623157e308 | double | 1.7976931348623157E308
            double precision | 0.1 | double | 0.1
            double precision | -Infinity | double | -Infinity
            numeric(38,0) | -99999999999999999999999999999999999999 | decimal(38,0) | -99999999999999999999999999999999999999
            numeric(38,38) | 0.00000000000000000000000000000000000001 | decimal(38,38) | 1E-38
            numeric(10,2) | 0 | decimal(10,2) | 0.00
            numeric(50,2) | 123456789012345678901234567890123456.78 | decimal(38,2) | 123456789012345678901234567890123456.78
            numeric(60,40) | 2.5 | decimal(38,18) | 2.500000000000000000
            numeric | 12345678901234567890.123456789012345678 | decimal(38,18) | 12345678901234567890.123456789012345678
            money | -92233720368547758.08 | decimal(19,2) | -92233720368547758.08
            paid | 1.5 | decimal(12,2) | 1.50
            date | 0001-01-01 | date | 0001-01-01
            date | 1582-10-10 | date | 1582-10-10
            date | 9999-12-31 | date | 9999-12-31
            timestamp | 0001-01-01 00:00:00 | timestamp_ntz | 0001-01-01T00:00
            timestamp | 1582-10-10 12:00:00.000001 | timestamp_ntz | 1582-10-10T12:00:00.000001
            timestamp | 9999-12-31 23:59:59.999999 | timestamp_ntz | 9999-12-31T23:59:59.999999
            timestamp(0) | 2024-01-15 01:00:00 | timestamp_ntz | 2024-01-15T01:00
            timestamptz | 0001-01-01 00:00:00Z | timestamp | 0001-01-01T00:00:00Z
            timestamptz | 1899-12-31 23:59:59.999999Z | timestamp | 1899-12-31T23:59:59.999999Z
            timestamptz | 9999-12-31 23:59:59.999999Z | timestamp | 9999-12-31T23:59:59.999999Z
            time | 24:00:00 | string | 24:00:00
            time | 23:59:59.999999 | string | 23:59:59.999999
            timetz | 01:02:03.5-03 | string | 01:02:03.5-03
            interval | 1 year 2 mons -3 days 04:05:06.7 | string | P1Y2M-3DT4H5M6.7S
            bit(5) | 00101 | string | 00101
            varbit | 1 | string | 1
            uuid | A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11 | string | a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11
            json | {"a": 1.00, "b" : "\\u0000"} | string | {"a": 1.00, "b" : "\\u0000"}
            jsonb | {"b": 1.00,"a":null} | string | {"a": null, "b": 1.00}
            xml | <a>é</a> | string | <a>é</a>
            inet | 192.168.1.5 | string | 192.168.1.5
            cidr | 192.168.1.0/24 | string | 192.168.1.0/24
            macaddr | 08:00:2b:01:02:03 | string | 08:00:2b:01:02:03
            point | (1.5,-2) | string | (1.5,-2)
            line | {1,2,3} | string | {1,2,3}
            lseg | [(0,0),(1,1)] | string | [(0,0),(1,1)]
            box | (1,1),(0,0) | string | (1,1),(0,0)
            path | ((0,0),(1,1)) | string | ((0,0),(1,1))
            polygon | ((0,0),(1,1)) | string | ((0,0),(1,1))
            circle | <(0,0),1> | string | <(0,0),1>
            tsvector | a fat cat | string | 'a' 'cat' 'fat'
            tsquery | fat & cat | string | 'fat' & 'cat'
            int4range | [1,5) | string | [1,5)
            tstzrange | [2024-01-15 01:00:00+00,) | string | ["2024-01-15 01:00:00+00",)
            int4multirange | {[1,3),[5,7)} | string | {[1,3),[5,7)}
            mood | happy | string | happy
            citext | Ana | string | Ana
            name | ana | string | ana
            "char" | x | string | x
            text | 🦜 ç | string | 🦜 ç
            pg_lsn | 16/B374D848 | string | 16/B374D848
            regclass | pg_class | string | pg_class
            price | (1.50,2,a b) | string | {"amount":1.50,"user-id":2,"note":"a b"}
            hstore | a=>1, b=>NULL | map<string,string> | {a=1, b=null}
            int[] | {1,NULL,3} | array<int> | [1, null, 3]
            row3 | {1} | array<int> | [1]
            row3[] | {} | array<array<int>> | []
            paid[] | {1.5,NULL} | array<decimal(12,2)> | [1.50, null]
            float8[] | {NaN,Infinity,-0.5} | array<double> | [NaN, Infinity, -0.5]
            date[] | {0001-01-01} | array<date> | [0001-01-01]
            timestamp[] | {2024-01-15 01:00:00.000001} | array<timestamp_ntz> | [2024-01-15T01:00:00.000001]
            timestamptz[] | {1899-12-31 01:00:00Z} | array<timestamp> | [1899-12-31T01:00:00Z]
            jsonb[] | {null,NULL,"{\\"a\\": 1}"} | array<string> | [null, null, {"a": 1}]
            price[] | {"(1.50,2,x)"} | array<string> | [{"amount":1.50,"user-id":2,"note":"x"}]
            text[] | {"a,\\"b",NULL,""} | array<string> | [a,"b, null, ]
            char(3)[] | {a} | array<string> | [a  ]
            inet[] | {10.0.0.1} | array<string> | [10.0.0.1]
            money[] | {1.5} | array<string> | [$1.50]
            mood[] | {sad} | array<string> | [sad]
            interval[] | {1 day} | array<string> | [P1D]
            bool[] | {t,f} | array<boolean> | [true, false]
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
            row.append(", '").append(value[1].replace("'", "''")).append('\'');
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
            assertThat(both.get(1).isNullAt(i + 1)).isTrue();
            landed.add(values.get(i)[0] + " "
                    + both.get(0).schema().apply(i + 1).dataType().catalogString() + " " + shown(both.get(0), i + 1));
        }
        assertThat(landed).containsExactlyElementsOf(expected);
    }

    private static String shown(Row row, int column) {
        Object value = row.get(column);
        if (value instanceof scala.collection.Map) {
            return row.getJavaMap(column).toString();
        }
        return value instanceof scala.collection.Seq ? row.getList(column).toString() : value.toString();
    }

    @Test
    void bytesAndBlanksAreKept() throws Exception {
        database.execute(
                "CREATE TABLE kept (v bytea, empty bytea, all_of bytea[], padded char(5))",
                "INSERT INTO kept VALUES ('\\x00ff5c', '', '{\"\\\\x00\",\"\\\\xff\"}', 'ab')");
        Row row = database.land("table: kept", "").first();
        assertThat(row.<byte[]>getAs("v")).containsExactly(0, -1, 0x5c);
        assertThat(row.<byte[]>getAs("empty")).isEmpty();
        assertThat(row.<byte[]>getList(2)).hasSize(2).first().isEqualTo(new byte[] {0});
        assertThat(row.<String>getAs("padded")).isEqualTo("ab   ");
    }

    @Test
    void aRangeOfKeysIsThatOfTheLake() throws Exception {
        database.execute(
                "CREATE TABLE keyed (name char(3) COLLATE \"en-x-icu\", big numeric)",
                "INSERT INTO keyed VALUES ('A', 1), ('a', 2), ('b', 10), ('ä', -1)");
        KeyRange names = new KeyRange("name", "string", Optional.of("a"), Optional.of("b  "));
        assertThat(database.rows("table: keyed", "columns: {name: string}", names)
                        .collectAsList())
                .extracting(row -> row.getString(0))
                .containsExactly("a  ");
        KeyRange numbers = new KeyRange("big", "bigint", Optional.of("-1"), Optional.of("1e1"));
        assertThat(database.rows("table: keyed", "columns: {big: bigint}", numbers)
                        .collectAsList())
                .extracting(row -> row.getLong(0))
                .containsExactlyInAnyOrder(1L, 2L, -1L);
    }

    @Test
    void largeTextsAreKept() throws Exception {
        database.execute(
                "CREATE TABLE large (v text, all_of text[], bytes bytea)",
                "INSERT INTO large SELECT t, ARRAY[t || t || t], convert_to(t, 'UTF8')"
                        + " FROM (SELECT repeat('0123456789', 1048576) AS t) s");
        Row row = database.land("table: large", "").first();
        assertThat(row.getString(0)).hasSize(10 << 20).startsWith("0123").endsWith("6789");
        assertThat(row.<String>getList(1).get(0)).hasSize(30 << 20);
        assertThat(row.<byte[]>getAs(2)).hasSize(10 << 20);
    }

    @Test
    @DisplayName("SPARK-47424: a timestamp without zone keeps its wall time in every zone")
    void aWallTimeIsAWallTime() throws Exception {
        database.execute(
                "CREATE TABLE walls (t timestamp, z timestamptz)",
                "INSERT INTO walls VALUES ('2024-01-15 01:00', '2024-01-15 01:00Z'), ('1914-01-01', '1913-12-31 12:00Z')");
        TimeZone machine = TimeZone.getDefault();
        try {
            for (String zone : List.of("America/Sao_Paulo", "Asia/Tokyo")) {
                TimeZone.setDefault(
                        TimeZone.getTimeZone(zone.equals("Asia/Tokyo") ? "America/New_York" : "Asia/Kolkata"));
                database.timezone(zone);
                assertThat(database.land("table: walls", "").orderBy("t").collectAsList())
                        .extracting(row -> row.get(0), row -> row.get(1))
                        .containsExactly(
                                tuple("1914-01-01T00:00", "1913-12-31T12:00:00Z"),
                                tuple("2024-01-15T01:00", "2024-01-15T01:00:00Z"));
                assertThat(database.hiveColumns()).isEqualTo(Map.of("t", "timestamp", "z", "timestamp"));
            }
        } finally {
            TimeZone.setDefault(machine);
        }
        database.timezone("America/Sao_Paulo");
        assertThat(database.built(
                                "table: walls", "", "SELECT t, CAST(t AS string) AS s, CAST(t AS timestamp) AS moment")
                        .orderBy("t")
                        .collectAsList()
                        .get(1))
                .extracting(Row::toString)
                .isEqualTo("[2024-01-15T01:00,2024-01-15 01:00:00,2024-01-15T04:00:00Z]");
        // Clocks went from 23:59:59 to 00:06:28 that night.
        assertThatThrownBy(() -> database.land("table: walls", "columns: {t: timestamp}"))
                .hasMessageContaining("'1914-01-01 00:00:00', which timestamp can't hold exactly")
                .hasMessageContaining("columns: {t: timestamp_ntz}");
        database.execute("UPDATE walls SET t = '2018-02-17 23:30:00' WHERE t < '1915-01-01'");
        assertThat(database.land("table: walls", "columns: {t: timestamp}")
                        .orderBy("t")
                        .collectAsList())
                .extracting(row -> row.get(0))
                .containsExactly(Instant.parse("2018-02-18T01:30:00Z"), Instant.parse("2024-01-15T04:00:00Z"));
    }

    private static org.assertj.core.groups.Tuple tuple(String wall, String moment) {
        return org.assertj.core.api.Assertions.tuple(LocalDateTime.parse(wall), Instant.parse(moment));
    }

    @Test
    @DisplayName("SPARK-31405: old dates and moments of local mean time are exact in what is built, too")
    void oldDatesAreExact() throws Exception {
        database.timezone("America/Sao_Paulo");
        database.execute(
                "CREATE TABLE old (d date, z timestamptz)",
                "INSERT INTO old VALUES ('0001-01-01', '0001-01-02Z'), ('1582-10-10', '1582-10-10 12:00Z'),"
                        + " ('1899-12-31', '1913-12-31 23:59:59-03:06:28')");
        assertThat(database.built("table: old", "", "SELECT d, z").orderBy("d").collectAsList())
                .extracting(Row::toString)
                .containsExactly(
                        "[0001-01-01,0001-01-02T00:00:00Z]",
                        "[1582-10-10,1582-10-10T12:00:00Z]",
                        "[1899-12-31,1914-01-01T03:06:27Z]");
    }

    @ParameterizedTest
    @DisplayName("pramen#394 and others: what a type can't hold is refused with a remedy that works")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "numeric | 0.1234567890123456789 | decimal(38,18) | decimal(38,19)",
                "numeric | 123456789012345678901 | decimal(38,18) | decimal(38,0)",
                "numeric | 1234567890123456789012345678901234567890 | decimal(38,18) | string",
                "numeric | NaN | decimal(38,18) | double",
                "numeric | -Infinity | decimal(38,18) | double",
                "numeric(10,2) | NaN | decimal(10,2) | double",
                "numeric[] | {1,NaN} | array<decimal(38,18)> | array<double>",
                "date | infinity | date | string",
                "date | 0044-03-15 BC | date | string",
                "date | 10000-01-01 | date | string",
                "timestamp | -infinity | timestamp_ntz | string",
                "timestamp | 12345-01-01 00:00:00 | timestamp_ntz | string",
                "timestamptz | infinity | timestamp | string",
                "timestamptz | 0001-01-01 00:00:00+01 | timestamp | string",
                "int[][] | {{1,2},{3,NULL}} | array<int> | array<array<int>>",
                "text[] | {{a},{b}} | array<string> | array<array<string>>",
                "date[] | {infinity} | array<date> | string"
            })
    void whatDoesNotFitIsRefusedWithARemedyThatWorks(String type, String value, String lakeType, String better)
            throws Exception {
        database.execute(
                "DROP TABLE IF EXISTS unfit",
                "CREATE TABLE unfit (id int, \"theValue\" " + type + ")",
                "INSERT INTO unfit VALUES (1, NULL), (2, '" + value + "')");
        String named = "columns: {v: {from: theValue}}";
        assertThatThrownBy(() -> database.land("table: unfit", named))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageStartingWith("Cannot land raw.landed for 2024-01-15: unfit has in column v '")
                .hasMessageContaining("which " + lakeType + " can't hold exactly. Nothing was committed.")
                .hasMessageContaining("`columns: {v: {from: theValue, type: " + quoted(better) + "}}`")
                .hasMessageContaining("`columns: {v: {from: theValue, type: string}}`");
        assertThat(database.commits()).isZero();
        for (String remedy : List.of(better, "string")) {
            Dataset<Row> rows =
                    database.land("table: unfit", "columns: {v: {from: theValue, type: " + quoted(remedy) + "}}");
            assertThat(rows.schema().apply("v").dataType().catalogString()).isEqualTo(remedy);
            assertThat(rows.where("v IS NOT NULL").count()).isEqualTo(1);
        }
        assertThat(database.land("table: unfit", "columns: {v: {from: theValue, type: string}}")
                        .where("id = 2")
                        .first()
                        .getString(1))
                .isEqualTo(
                        type.equals("timestamptz") && value.startsWith("0001") ? "0001-12-31 23:00:00+00 BC" : value);
    }

    private static String quoted(String type) {
        return type.matches("[a-z]+") ? type : '"' + type + '"';
    }

    @Test
    void declaredTypesAreHeldExactly() throws Exception {
        database.execute(
                "CREATE TABLE declared (a numeric, b text, c int[], d jsonb, e price, f hstore, g money, h int[][])",
                "INSERT INTO declared VALUES (7, '0x', '{1}', '{\"x\": [1, 2], \"y\": null}', '(1.50,2,a)', 'k=>v',"
                        + " '1.5', '{{1,2},{3,4}}')");
        Row row = database.land(
                        "table: declared",
                        "columns: {a: int, c: \"array<bigint>\", d: \"struct<x: array<int>, y: string>\", f: string, g: string,"
                                + " h: \"array<array<smallint>>\"}")
                .first();
        assertThat(row.toString())
                .isEqualTo(
                        "[7,0x,WrappedArray(1),[WrappedArray(1, 2),null],{\"amount\":1.50,\"user-id\":2,\"note\":\"a\"},"
                                + "\"k\"=>\"v\",$1.50,WrappedArray(WrappedArray(1, 2), WrappedArray(3, 4))]");
        for (String type : List.of("a: tinyint", "b: int", "d: \"struct<x: array<int>>\"", "c: int", "b: date")) {
            database.execute("UPDATE declared SET a = 1.5");
            assertThatThrownBy(() -> database.land("table: declared", "columns: {" + type + "}"))
                    .as(type)
                    .hasMessageContaining("can't hold exactly");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"seen", "parts", "stored"})
    void viewsAndPartitionedTablesLandLikeTables(String table) throws Exception {
        database.execute(
                "DROP TABLE IF EXISTS base, parts CASCADE",
                "CREATE TABLE base (id int, twice int GENERATED ALWAYS AS (id * 2) STORED, gone int, at date)",
                "ALTER TABLE base DROP gone",
                "INSERT INTO base VALUES (1, DEFAULT, '2024-01-15'), (2, DEFAULT, '2024-01-16')",
                "CREATE VIEW seen AS SELECT * FROM base",
                "CREATE MATERIALIZED VIEW stored AS SELECT * FROM base",
                "CREATE TABLE parts (id int, twice int, at date) PARTITION BY RANGE (at)",
                "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM ('2024-01-01') TO ('2024-02-01')",
                "INSERT INTO parts SELECT * FROM base");
        assertThat(database.land("table: " + table + ", by: at", "").collectAsList())
                .extracting(Row::toString)
                .containsExactly("[1,2,2024-01-15]");
    }

    @Test
    void valuesAreReadStrictly() {
        assertThat(Arrays.asList("2024-1-15", "2023-02-29", "0000-01-01", "2024-01-15 00:00:00"))
                .allSatisfy(text -> assertThat(DatabaseValue.read(text, DataTypes.DateType, ZoneOffset.UTC))
                        .isEmpty());
        assertThat(DatabaseValue.read("2024-02-29", DataTypes.DateType, ZoneOffset.UTC))
                .contains(LocalDate.parse("2024-02-29"));
        assertThat(DatabaseValue.read("1e2", DataTypes.createDecimalType(5, 1), ZoneOffset.UTC))
                .contains(new BigDecimal("100.0"));
    }
}
