package dev.igarape.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Inputs that other lakes stumble over, landed and built on the real servers, as Trino shows them. */
@Order(3)
@ExtendWith(DemoStack.class)
final class OddInputsIT {
    private static final String DAY = "2024-01-15";
    private static final long NOON = Instant.parse(DAY + "T12:00:00Z").toEpochMilli();
    private static final Schema FIRST = new Schema.Parser().parse("""
            {"type": "record", "name": "User", "namespace": "odd", "fields": [
              {"name": "userId", "type": "long"},
              {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2}},
              {"name": "billing", "type": {"type": "record", "name": "Address", "fields": [
                {"name": "city", "type": "string"}]}},
              {"name": "shipping", "type": ["null", "Address"], "default": null}]}
            """);
    private static final Schema SECOND = new Schema.Parser().parse("""
            {"type": "record", "name": "User", "namespace": "odd", "fields": [
              {"name": "userid", "type": "long", "aliases": ["userId"]},
              {"name": "price", "type": {"type": "bytes", "logicalType": "decimal", "precision": 12, "scale": 2}},
              {"name": "billing", "type": {"type": "record", "name": "Address", "fields": [
                {"name": "city", "type": "string"}, {"name": "zip", "type": "string", "default": ""}]}}]}
            """);
    private static final Schema TWICE = new Schema.Parser().parse("""
            {"type": "record", "name": "Twice", "namespace": "odd", "fields": [
              {"name": "userId", "type": "long"}, {"name": "userid", "type": "long"}]}
            """);

    private static StackProject project;
    private static LakeCommand.Result printed;

    @BeforeAll
    static void build() throws Exception {
        project = StackProject.on(DemoStack.LAKE, DemoStack.STATE, "odd_");
        project.write("pipelines/odd/pipeline.yaml", """
                pipeline: odd
                owner: tests
                schedule: none
                start_date: 2024-01-01
                tables:
                  raw.users:
                    landing: {kafka: {topics: [odd-users]}}
                  raw.twice:
                    landing: {kafka: {topics: [odd-twice]}}
                  raw.bank:
                    landing: {files: {path: "/landing/odd/{date}/*.csv.gz", format: csv, encoding: windows-1252}}
                  raw.blank:
                    landing: {files: {path: "/landing/odd/{date}/*.tsv", format: csv, delimiter: "\\t"}}
                  raw.refused:
                    landing: {files: {path: "/landing/odd/{date}/*.ndjson", format: json}}
                  raw.orders:
                    landing: {jdbc: {url: "${SHOP_DB}", user: lake, password: "${SHOP_PASSWORD}", table: Orders}}
                    columns: {created_at: {from: createdAt}, order_date: {from: date}}
                  trusted.bank:
                    daily: {sql: bank.sql}
                  trusted.users:
                    daily: {sql: users.sql}
                  gold.both:
                    view: {sql: both.sql, from: [trusted.bank, trusted.users]}
                """);
        project.write(
                "pipelines/odd/bank.sql",
                "SELECT CAST(row['id'] AS INT) AS id, row['name'] AS name, CAST(row['at'] AS TIMESTAMP) AS at,"
                        + " CAST(row['born'] AS DATE) AS born FROM raw.bank");
        project.write(
                "pipelines/odd/users.sql",
                "SELECT raw.users.value.userid AS id, value.price, raw.users.value.shipping.city FROM raw.users"
                        + " WHERE raw.users.value.userid > 0");
        project.write(
                "pipelines/odd/both.sql",
                "SELECT b.id, extract(YEAR FROM b.at) AS year, b.at FROM trusted.bank b, trusted.users u"
                        + " WHERE b.id IS NOT DISTINCT FROM CAST(u.id AS integer)");
        project.send(
                "odd-users",
                NOON,
                List.of(user(FIRST, "userId", 1, 999999999), user(SECOND, "userid", 2, 123456789012L)));
        project.send(
                "odd-twice",
                NOON,
                List.of(new GenericRecordBuilder(TWICE)
                        .set("userId", 7L)
                        .set("userid", 8L)
                        .build()));
        String folder = "/landing/odd/" + DAY + "/";
        project.put(
                folder + "a.csv.gz",
                gzip(
                        "id,name,at,born\r1,São João,2024-01-15 23:59:59.999600,0001-01-01\r"
                                + "2,ação,2024-01-15 10:00:00.1234,1582-10-10\r",
                        Charset.forName("windows-1252")));
        project.put(folder + "b.tsv", "id\tname\n1\ta\n\t\n\n".getBytes(StandardCharsets.UTF_8));
        project.put(folder + "c.ndjson", "nonsense\nmore of it\n".getBytes(StandardCharsets.UTF_8));
        project.sql(
                "DROP TABLE IF EXISTS \"Orders\"",
                "CREATE TABLE \"Orders\" (id int, \"createdAt\" timestamp, date date, amount numeric)",
                "INSERT INTO \"Orders\" VALUES (1, '2024-01-15 01:00', '0001-01-01', 12345678901234567.123456789)");
        printed = project.call("run", "odd", "--date", DAY).succeeded();
    }

    private static GenericRecord user(Schema schema, String id, long value, long cents) {
        Schema address = schema.getField("billing").schema();
        GenericRecordBuilder billing = new GenericRecordBuilder(address).set("city", "Belém");
        if (address.getField("zip") != null) {
            billing.set("zip", "66000");
        }
        GenericRecordBuilder user = new GenericRecordBuilder(schema)
                .set(id, value)
                .set(
                        "price",
                        ByteBuffer.wrap(java.math.BigInteger.valueOf(cents).toByteArray()))
                .set("billing", billing.build());
        if (schema.getField("shipping") != null) {
            user.set(
                    "shipping",
                    new GenericRecordBuilder(address).set("city", "Óbidos").build());
        }
        return user.build();
    }

    private static byte[] gzip(String text, Charset charset) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(charset));
        }
        return bytes.toByteArray();
    }

    /** apache/hudi#6849, and a decimal that grew. */
    @Test
    void aNamedTypeThatChangesWhereItIsUsedTwiceIsRead() throws Exception {
        assertThat(rows("SELECT value.userid AS id, CAST(value.price AS varchar) AS price, value.billing.zip,"
                        + " value.shipping.city FROM odd_raw.users ORDER BY 1"))
                .containsExactly(
                        "{\"id\":1,\"price\":\"9999999.99\",\"zip\":\"\",\"city\":\"Óbidos\"}",
                        "{\"id\":2,\"price\":\"1234567890.12\",\"zip\":\"66000\",\"city\":null}");
        assertThat(rows("SELECT id, CAST(price AS varchar) AS price, city FROM odd_trusted.users ORDER BY 1"))
                .containsExactly(
                        "{\"id\":1,\"price\":\"9999999.99\",\"city\":\"Óbidos\"}",
                        "{\"id\":2,\"price\":\"1234567890.12\",\"city\":null}");
    }

    @Test
    void fieldsThatDifferByCaseAreColumnsOfTheirOwn() throws Exception {
        assertThat(rows("SELECT value.userid, value.userid_2 FROM odd_raw.twice"))
                .containsExactly("{\"userid\":7,\"userid_2\":8}");
    }

    /** PapaParse#43, trinodb/trino#15593, SPARK-31405: line ends, compression, encoding, microseconds, old days. */
    @Test
    void aFileOfAnotherMachineIsReadAsItWasMeant() throws Exception {
        assertThat(rows("SELECT id, name, at, born FROM odd_trusted.bank ORDER BY id"))
                .containsExactly(
                        "{\"id\":1,\"name\":\"São João\",\"at\":\"2024-01-15T23:59:59.9996\",\"born\":\"0001-01-01\"}",
                        "{\"id\":2,\"name\":\"ação\",\"at\":\"2024-01-15T10:00:00.1234\",\"born\":\"1582-10-10\"}");
        assertThat(rows("SELECT count(*) AS n FROM odd_trusted.bank WHERE CAST(at AS date) = date"))
                .containsExactly("{\"n\":2}");
    }

    /** univocity-parsers#104 */
    @Test
    void emptyCellsAreARow() throws Exception {
        assertThat(rows("SELECT line, row['id'] AS id FROM odd_raw.blank ORDER BY line"))
                .containsExactly("{\"line\":2,\"id\":\"1\"}", "{\"line\":3,\"id\":null}");
    }

    @Test
    void aViewMayUseAllOfTrinosSql() throws Exception {
        assertThat(rows("SELECT id, year, at FROM odd_gold.both ORDER BY id"))
                .containsExactly(
                        "{\"id\":1,\"year\":2024,\"at\":\"2024-01-15T23:59:59.9996\"}",
                        "{\"id\":2,\"year\":2024,\"at\":\"2024-01-15T10:00:00.1234\"}");
    }

    /** apache/flink-cdc#3929, SPARK-47424 */
    @Test
    void aTableMayBeCalledWhatItsDatabaseLikes() throws Exception {
        assertThat(rows("SELECT id, created_at, order_date, CAST(amount AS varchar) AS amount FROM odd_raw.orders"))
                .containsExactly("{\"id\":1,\"created_at\":\"2024-01-15T01:00:00\",\"order_date\":\"0001-01-01\","
                        + "\"amount\":\"12345678901234567.123456789000000000\"}");
    }

    @Test
    void aFileThatIsRefusedAsAWholeIsTold() throws Exception {
        assertThat(printed.err() + printed.out()).contains("warning: ").contains("c.ndjson");
        assertThat(rows("SELECT cardinality(warnings) AS warnings FROM odd_ops.runs WHERE table_name = 'raw.refused'"))
                .contains("{\"warnings\":1}");
    }

    private static List<String> rows(String sql) throws IOException {
        List<String> rows = new ArrayList<>();
        for (JsonNode row : DemoStack.query(sql)) {
            rows.add(row.toString());
        }
        return rows;
    }
}
