package dev.igarape.jobs.landing.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.daily.DailyBuild;
import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.testing.TestingSpark;
import dev.igarape.model.DailyDefinition;
import dev.igarape.model.Input;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.CodecFactory;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;

/** Files that have a schema of their own. */
final class BinaryFilesTest extends FilesLandingTestBase {
    private static final LocalDate DAY = LocalDate.parse("2024-01-01");
    private static final Schema SALE = SchemaBuilder.record("Sale")
            .namespace("shop")
            .fields()
            .requiredLong("id")
            .requiredString("date")
            .endRecord();
    private static final Schema SALE_WITH_PRICE = SchemaBuilder.record("Sale")
            .namespace("shop")
            .fields()
            .requiredLong("id")
            .requiredString("date")
            .optionalDouble("price")
            .endRecord();

    @Test
    void landsAvroFilesWithTheirColumns(TestingSpark spark) throws Exception {
        write("2024-01-01/a.avro", avro(SALE, "null", 1, 2));
        write("2024-01-01/b.avro", avro(SALE_WITH_PRICE, "deflate", 3));
        write("2024-01-01/c.gz", gzip(avro(SALE, "zstandard", 4)));
        write("2024-01-01/empty.avro", avro(SALE, "snappy"));
        write("2024-01-01/begun.avro", "");
        Source.Files source = binary("avro");
        TableRun run = land(source);
        assertThat(run.balance()).isEqualTo(Balance.landed(4, 4, 0));
        assertThat(run.warnings()).isEmpty();
        assertThat(daily(spark, source, "SELECT file, line, value.id, value.date AS sold, value.price"))
                .containsExactly("a.avro,1,1,x1,null", "a.avro,2,2,x2,null", "b.avro,1,3,x3,3.0", "c.gz,1,4,x4,null");
        assertThat(local.metastore().getTable(prefix + "raw", "prices").getSd().getCols())
                .extracting(column -> column.getName() + " " + column.getType())
                .contains("value struct<id:bigint,date:string,price:double>");
        assertThat(land(source).outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
        write("2024-01-01/begun.avro", avro(SALE, "null", 9));
        assertThat(land(source).balance()).isEqualTo(Balance.landed(1, 1, 0));
    }

    /** Avro's reader takes such a file for one that ends earlier. */
    @Test
    void aCutAvroFileIsRefusedAtWhateverByteItEnds() throws Exception {
        byte[] whole = avro(SALE, "null", 1, 2, 3);
        for (int length = 1; length < whole.length; length++) {
            write("2024-01-01/" + length + ".avro", Arrays.copyOf(whole, length));
        }
        byte[] damaged = whole.clone();
        damaged[whole.length - 1] ^= 1;
        write("2024-01-01/damaged.avro", damaged);
        write("2024-01-01/other.avro", "PAR1\u0015 and more");
        write("2024-01-01/text.avro", "id\n1\n");
        write("2024-01-01/whole.avro", whole);
        // Behind the header and between two blocks, a file of this format may as well end.
        int ends = 3;
        assertThatThrownBy(() -> land(binary("avro")))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("Cannot land " + (whole.length - 1 - ends + 3) + " files of raw.prices: ")
                .hasMessageContaining("can't be read as Avro: it is damaged or breaks off")
                .hasMessageContaining("The " + (ends + 1) + " other new files were landed.");
        assertThat(landed("line")).containsExactly("1", "1", "1", "2", "2", "3");
        write("2024-01-01/" + (whole.length - 1) + ".avro", whole);
        assertThatThrownBy(() -> land(binary("avro"))).hasMessageContaining("The 1 other new file was landed.");
        assertThat(landed("line")).hasSize(9);
    }

    @Test
    void landsParquetFilesOfSpark(TestingSpark spark) throws Exception {
        SparkSession session = spark.newSession();
        String rows = "SELECT 1L AS id, timestamp'2024-01-30 15:04:05.123456Z' AS at,"
                + " array(timestamp'1969-12-31 23:59:59.999999Z', null) AS times,"
                + " named_struct('price', cast(1.5 AS decimal(10,2)), 'day', date'2024-01-02') AS item,"
                + " map('k', 2) AS counts, array('a', 'b') AS tags, cast(null AS string) AS note";
        for (String type : List.of("INT96", "TIMESTAMP_MICROS")) {
            session.conf().set("spark.sql.parquet.outputTimestampType", type);
            parquet(session, rows, "2024-01-01/" + type + ".parquet");
        }
        parquet(session, "SELECT 2L AS id, 'new' AS note, true AS more", "2024-01-01/evolved.parquet");
        parquet(session, "SELECT 'text' AS id", "2024-01-01/other.parquet");
        byte[] whole = Files.readAllBytes(folder.resolve("2024-01-01/INT96.parquet"));
        write("2024-01-01/cut.parquet", Arrays.copyOf(whole, whole.length / 2));
        byte[] damaged = whole.clone();
        Arrays.fill(damaged, 4, 40, (byte) 0x55);
        write("2024-01-01/damaged.parquet", damaged);
        write("2024-01-01/packed.parquet", gzip(whole));
        write("2024-01-01/sale.parquet", avro(SALE, "null", 1));
        Source.Files source = binary("parquet");
        assertThatThrownBy(() -> land(source))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("Cannot land 5 files of raw.prices: ")
                .hasMessageContaining("cut.parquet can't be read as Parquet: it is damaged or breaks off")
                .hasMessageContaining("damaged.parquet can't be read as Parquet")
                .hasMessageContaining("other.parquet has another schema than the files before")
                .hasMessageContaining("packed.parquet is compressed with gzip")
                .hasMessageContaining("sale.parquet is an Avro file, and the landing's format is parquet")
                .hasMessageContaining("The 3 other new files were landed.");
        String moments = "1,2024-01-30 15:04:05.123456,WrappedArray(1969-12-31 23:59:59.999999, null),1.50,2024-01-02,"
                + "Map(k -> 2),WrappedArray(a, b),null,null";
        assertThat(
                        daily(
                                spark,
                                source,
                                "SELECT value.id, cast(value.at AS string) AS at, cast(value.times AS array<string>) AS times,"
                                        + " value.item.price, value.item.day, value.counts, value.tags, value.note, value.more"))
                .containsExactly(moments, moments, "2,null,null,null,null,null,null,new,true");
    }

    @Test
    void aTableHasOneShapeOfRows() throws Exception {
        write("2024-01-01/a.csv", "id\n1\n");
        land();
        write("2024-01-01/a.avro", avro(SALE, "null", 1));
        assertThatThrownBy(() -> land(binary("avro")))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("what it has is of another format than avro");
        assertThat(rows("raw", "prices")).containsExactly("2024-01-01 a.csv 2 {id=1}");
        // Lines of JSON have no cells.
        write("2024-01-01/a.json", "{}\n");
        assertThatThrownBy(() -> land(text("json")))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("what it has is of another format than json");
        open();
        write("2024-01-01/a.json", "{}\n");
        land(text("json"));
        write("2024-01-01/a.csv", "id\n1\n");
        assertThatThrownBy(() -> land())
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("what it has is of another format than csv");
        write("2024-01-01/a.text", "x\n");
        assertThat(land(text("text")).balance()).isEqualTo(Balance.landed(1, 1, 0));
    }

    private Source.Files text(String format) {
        return new Source.Files("/" + prefix + "landing/{date}/*." + format, format, "", List.of(), "UTF-8");
    }

    @Test
    void twoLandingsAtOnceKeepTheColumnsOfBoth() throws Exception {
        Schema noted = SchemaBuilder.record("Sale")
                .namespace("shop")
                .fields()
                .requiredLong("id")
                .requiredString("date")
                .optionalString("note")
                .endRecord();
        write("2024-01-01/a.avro", avro(SALE_WITH_PRICE, "null", 1));
        AtomicBoolean isFirst = new AtomicBoolean(true);
        land(of("a.avro"), step -> {
            if (step == Step.PLANNED && isFirst.getAndSet(false)) {
                assertThatCode(() -> {
                            write("2024-01-01/b.avro", avro(noted, "null", 2));
                            land(of("b.avro"));
                        })
                        .doesNotThrowAnyException();
            }
        });
        assertThat(local.metastore().getTable(prefix + "raw", "prices").getSd().getCols())
                .extracting(column -> column.getName() + " " + column.getType())
                .contains("value struct<id:bigint,date:string,price:double,note:string>");
    }

    private Source.Files of(String name) {
        return new Source.Files("/" + prefix + "landing/{date}/" + name, "avro", "", List.of(), "");
    }

    @Test
    void linesOfTextAreRows() throws Exception {
        write("2024-01-01/a.log", "one\n\n  two ação\n".getBytes(StandardCharsets.UTF_16LE));
        Source.Files text = new Source.Files("/" + prefix + "landing/{date}/*.log", "text", "", List.of(), "UTF-16");
        assertThat(land(text).balance()).isEqualTo(new Balance(3, 2, 0, 1, 0, 0, 0));
        assertThat(landed("body")).containsExactly("  two ação", "one");
    }

    private Source.Files binary(String format) {
        String pattern = format.equals("avro") ? "*" : "*.parquet";
        return new Source.Files("/" + prefix + "landing/{date}/" + pattern, format, "", List.of(), "");
    }

    /** A column of all landed rows, sorted. */
    private List<String> landed(String column) throws Exception {
        List<String> values = new ArrayList<>();
        for (Partition partition : local.partitions(prefix + "raw", "prices")) {
            for (GenericRecord row : records(partition)) {
                values.add(row.get(column).toString());
            }
        }
        values.sort(String::compareTo);
        return values;
    }

    /** The rows of a daily table of the landed ones, sorted. */
    private List<String> daily(TestingSpark spark, Source.Files source, String select) throws Exception {
        Table table = new Table(
                TableName.parse("trusted.sales"),
                "",
                new DailyDefinition(select + " FROM raw.prices"),
                Map.of(),
                List.of(new Input(RAW, 0)),
                List.of(),
                "forever",
                "sales");
        Lake lake = local.lake(prefix, Map.of(), Step.Listener.NONE, raw(source), table);
        SparkSession session = spark.newSession();
        session.conf().set("spark.sql.session.timeZone", "UTC");
        try (Publisher publisher = lake.publisher()) {
            new DailyBuild(lake, publisher, () -> session).run(table, List.of(DAY), BuildOverrides.NOTHING);
        }
        Partition partition = local.partitions(prefix + "trusted", "sales").get(0);
        return session.read().parquet(partition.getSd().getLocation()).collectAsList().stream()
                .map(row -> text(row).replaceAll("[^,]*/", ""))
                .sorted()
                .toList();
    }

    private static String text(Row row) {
        List<String> values = new ArrayList<>();
        for (int i = 0; i < row.size(); i++) {
            values.add(String.valueOf(row.get(i)));
        }
        return String.join(",", values);
    }

    private void parquet(SparkSession session, String sql, String name) throws Exception {
        Path out = local.folder().resolve(prefix + "out" + LAKES.incrementAndGet());
        session.sql(sql).coalesce(1).write().parquet(out.toUri().toString());
        try (Stream<Path> files = Files.list(out)) {
            Path file = files.filter(path -> path.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
            write(name, Files.readAllBytes(file));
        }
    }

    private static byte[] avro(Schema schema, String codec, long... ids) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
            writer.setCodec(CodecFactory.fromString(codec));
            writer.create(schema, bytes);
            for (long id : ids) {
                GenericRecordBuilder row =
                        new GenericRecordBuilder(schema).set("id", id).set("date", "x" + id);
                if (schema.getField("price") != null) {
                    row.set("price", (double) id);
                }
                writer.append(row.build());
                // A block for each, as of a writer that flushes.
                writer.sync();
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] gzip(byte[] bytes) throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }
}
