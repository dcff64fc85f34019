package dev.igarape.cli.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.Schema;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
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

    private static final Schema CLICK = new Schema.Parser().parse("""
            {"type": "record", "name": "Click", "namespace": "odd", "fields": [
              {"name": "id", "type": "long"}, {"name": "at", "type": {"type": "long", "logicalType": "timestamp-micros"}}]}
            """);
    /** That of Event Hubs Capture. */
    private static final Schema EVENT_DATA = new Schema.Parser().parse("""
            {"type": "record", "name": "EventData", "namespace": "Microsoft.ServiceBus.Messaging", "fields": [
              {"name": "SequenceNumber", "type": "long"},
              {"name": "Offset", "type": "string"},
              {"name": "EnqueuedTimeUtc", "type": "string"},
              {"name": "SystemProperties", "type": {"type": "map", "values": ["long", "double", "string", "bytes"]}},
              {"name": "Properties", "type": {"type": "map", "values": ["long", "double", "string", "bytes", "null"]}},
              {"name": "Body", "type": ["null", "bytes"]}]}
            """);

    private static final String WRITE_PARQUET = """
            import datetime, decimal, sys
            import pyarrow as pa
            import pyarrow.parquet as pq
            at = datetime.datetime(2024, 1, 15, 10, 0, 0, 1, datetime.timezone.utc)
            pq.write_table(pa.table({
                "id": [1, 2], "name": ["S\\u00e3o", None], "price": [decimal.Decimal("1.50"), None], "at": [at, None]}), sys.argv[1])
            """;

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
                  raw.clicks:
                    landing: {files: {path: "/landing/odd_clicks/{yyyy}/{MM}/{dd}/{HH}/*.avro", format: avro}}
                  raw.captured:
                    landing:
                      files:
                        path: "/landing/odd_capture/{Namespace}/{EventHub}/{PartitionId}/{yyyy}/{MM}/{dd}/{HH}/{mm}/{ss}.avro"
                        format: avro
                        envelope: event-hubs
                  raw.exported:
                    landing: {files: {path: "/landing/odd/{date}/*.parquet", format: parquet}}
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
        putBinaryFiles(folder);
        project.sql(
                "DROP TABLE IF EXISTS \"Orders\"",
                "CREATE TABLE \"Orders\" (id int, \"createdAt\" timestamp, date date, amount numeric)",
                "INSERT INTO \"Orders\" VALUES (1, '2024-01-15 01:00', '0001-01-01', 12345678901234567.123456789)");
        printed = project.call("run", "odd", "--date", DAY).succeeded();
    }

    private static void putBinaryFiles(String folder) throws Exception {
        long noon = NOON * 1000;
        project.put("/landing/odd_clicks/2024/01/15/09/a.avro", avro(CLICK, click(1, noon - 1)));
        project.put("/landing/odd_clicks/2024/01/15/23/a.avro", avro(CLICK, click(2, noon + 1)));
        project.put("/landing/odd_clicks/2024/01/16/00/a.avro", avro(CLICK, click(3, noon)));
        project.put(
                "/landing/odd_capture/shop/orders/0/2024/01/15/15/05/00.avro",
                avro(EVENT_DATA, event(1, "first"), event(2, "second")));
        // Capture may write an event twice, and says that it lives by files without events.
        project.put(
                "/landing/odd_capture/shop/orders/0/2024/01/15/15/10/00.avro", avro(EVENT_DATA, event(2, "second")));
        project.put("/landing/odd_capture/shop/orders/0/2024/01/15/15/15/00.avro", avro(EVENT_DATA));
        Path parquet = Files.createTempFile(DemoStack.STATE, "odd", ".parquet");
        DemoStack.LAKE
                .execute(List.of(Tools.python().toString(), "-c", WRITE_PARQUET, parquet.toString()), Map.of())
                .succeeded();
        project.put(folder + "d.parquet", Files.readAllBytes(parquet));
    }

    private static GenericRecord click(long id, long micros) {
        return new GenericRecordBuilder(CLICK).set("id", id).set("at", micros).build();
    }

    private static GenericRecord event(long number, String body) {
        return new GenericRecordBuilder(EVENT_DATA)
                .set("SequenceNumber", number)
                .set("Offset", Long.toString(number * 100))
                .set("EnqueuedTimeUtc", "1/15/2024 3:04:05 PM")
                .set("SystemProperties", Map.of())
                .set("Properties", Map.of("price", 1.5))
                .set("Body", ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8)))
                .build();
    }

    private static byte[] avro(Schema schema, GenericRecord... records) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
            writer.setCodec(CodecFactory.deflateCodec(6));
            writer.create(schema, bytes);
            for (GenericRecord record : records) {
                writer.append(record);
            }
        }
        return bytes.toByteArray();
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

    @Test
    void avroInFoldersOfHoursIsReadByItsDates() throws Exception {
        assertThat(rows("SELECT value.id, value.at, date FROM odd_raw.clicks ORDER BY 1"))
                .containsExactly(
                        "{\"id\":1,\"at\":\"2024-01-15T11:59:59.999999\",\"date\":\"2024-01-15\"}",
                        "{\"id\":2,\"at\":\"2024-01-15T12:00:00.000001\",\"date\":\"2024-01-15\"}",
                        "{\"id\":3,\"at\":\"2024-01-15T12:00:00\",\"date\":\"2024-01-16\"}");
    }

    @Test
    void capturedEventsAreRows() throws Exception {
        assertThat(rows("SELECT event_hub, \"partition\", sequence_number AS number, enqueued_time,"
                        + " properties['price'] AS price, from_utf8(body) AS body FROM odd_raw.captured ORDER BY 3"))
                .containsExactly(
                        "{\"event_hub\":\"shop/orders\",\"partition\":0,\"number\":1,\"enqueued_time\":\"2024-01-15T15:04:05\","
                                + "\"price\":\"1.5\",\"body\":\"first\"}",
                        "{\"event_hub\":\"shop/orders\",\"partition\":0,\"number\":2,\"enqueued_time\":\"2024-01-15T15:04:05\","
                                + "\"price\":\"1.5\",\"body\":\"second\"}");
    }

    @Test
    void parquetOfAnotherToolIsRead() throws Exception {
        assertThat(rows(
                        // Its decimals have a fixed length, which Trino shows as bytes in raw tables.
                        "SELECT value.id, value.name, to_hex(value.price) AS price, value.at FROM odd_raw.exported"
                                + " ORDER BY 1"))
                .containsExactly(
                        "{\"id\":1,\"name\":\"São\",\"price\":\"0096\",\"at\":\"2024-01-15T10:00:00.000001\"}",
                        "{\"id\":2,\"name\":null,\"price\":null,\"at\":null}");
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
