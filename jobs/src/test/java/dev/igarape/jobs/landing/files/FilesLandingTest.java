package dev.igarape.jobs.landing.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.daily.DailyBuild;
import dev.igarape.jobs.kind.BuildOverrides;
import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.LedgerState;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.jobs.publish.Publisher;
import dev.igarape.jobs.testing.LocalLake;
import dev.igarape.jobs.testing.TestServers;
import dev.igarape.jobs.testing.TestingMetastore;
import dev.igarape.jobs.testing.TestingSpark;
import dev.igarape.model.Definition;
import dev.igarape.model.Input;
import dev.igarape.model.Source;
import dev.igarape.model.Table;
import dev.igarape.model.TableName;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.avro.file.DataFileReader;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorOutputStream;
import org.apache.hadoop.hive.metastore.api.Partition;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Landing of files on a real metastore, with files on the local disk. */
@ExtendWith(TestServers.class)
@Timeout(600)
final class FilesLandingTest {
    private static final TableName RAW = TableName.parse("raw.prices");
    private static final LocalDate DAY = LocalDate.parse("2024-01-01");
    private static final AtomicInteger LAKES = new AtomicInteger();

    @TempDir
    private static Path root;

    private static LocalLake local;
    private String prefix;
    private Path folder;

    @BeforeAll
    static void start(TestingMetastore metastore) {
        local = new LocalLake(root, metastore);
    }

    @BeforeEach
    void open() throws Exception {
        prefix = "t" + LAKES.incrementAndGet() + "_";
        folder = Files.createDirectories(root.resolve(prefix + "landing"));
    }

    @Test
    void landsEachFileOnceOnTheDateOfItsPath() throws Exception {
        write("2024-01-01/a.csv", "id,note\n1,x\n2,\"y\nz\"\n");
        write("2024-01-02/b.csv", "id,note\n3,\n");
        TableRun first = land();
        assertThat(first.balance()).isEqualTo(Balance.landed(3, 3, 0));
        assertThat(land().outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
        write("2024-01-02/c.csv", "id,note\n4,w\n");
        assertThat(land().balance()).isEqualTo(Balance.landed(1, 1, 0));
        assertThat(rows("raw", "prices"))
                .containsExactlyInAnyOrder(
                        "2024-01-01 a.csv 2 {id=1, note=x}",
                        "2024-01-01 a.csv 3 {id=2, note=y\nz}",
                        "2024-01-02 b.csv 2 {id=3, note=null}",
                        "2024-01-02 c.csv 2 {id=4, note=w}");
    }

    @Test
    void brokenQuotesGoToQuarantineAndNothingIsLost() throws Exception {
        write("2024-01-01/a.csv", "id,note\n1,\"open\n2,fine\n3,in\"side\n");
        assertThat(land().balance()).isEqualTo(Balance.landed(3, 1, 2));
        assertThat(rows("quarantine", "raw_prices"))
                .containsExactlyInAnyOrder(
                        "2024-01-01 a.csv 2 broken_quotes [1,\"open]", "2024-01-01 a.csv 4 broken_quotes [3,in\"side]");
    }

    @Test
    void aChangedFileReplacesItsRows() throws Exception {
        write("2024-01-01/a.csv", "id,note\n1,\"open\n2,fine\n");
        write("2024-01-01/b.csv", "id,note\n9,other\n");
        land();
        write("2024-01-01/a.csv", "id,note\n1,mended\n2,fine\n");
        assertThat(land().balance()).isEqualTo(Balance.landed(2, 2, 0));
        assertThat(rows("raw", "prices"))
                .containsExactlyInAnyOrder(
                        "2024-01-01 a.csv 2 {id=1, note=mended}",
                        "2024-01-01 a.csv 3 {id=2, note=fine}",
                        "2024-01-01 b.csv 2 {id=9, note=other}");
        assertThat(rows("quarantine", "raw_prices")).isEmpty();
    }

    @Test
    void aFileThatWasOnlyTouchedIsLeftAlone() throws Exception {
        Path file = write("2024-01-01/a.csv", "id\n1\n");
        land();
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2030-01-01T00:00:00Z")));
        assertThat(land().outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
    }

    @Test
    void halfWrittenFilesWait() throws Exception {
        for (String name : List.of("_a.csv", ".a.csv", "a.csv._COPYING_", "a.csv.tmp")) {
            write("2024-01-01/" + name, "id\n1\n");
        }
        assertThat(land(source("*")).balance()).isEqualTo(Balance.NONE);
        assertThat(land(source("*")).outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
    }

    @Test
    void aMisspeltFolderIsNamed() {
        Source.Files elsewhere = new Source.Files("/nowhere/{date}/*.csv", "csv", ",", List.of(), "UTF-8");
        assertThatThrownBy(() -> land(elsewhere))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.NO_INPUT))
                .hasMessageContaining("there is no folder")
                .hasMessageContaining("/nowhere");
    }

    @Test
    void aPathWithoutDateTakesTheDayOfWritingInThePipelinesTimezone() throws Exception {
        Path file = write("x.json", "{\"id\":1}\nnonsense\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2024-01-01T23:59:59Z")));
        Source.Files json = new Source.Files("/" + prefix + "landing/*.json", "json", "", List.of(), "UTF-8");
        assertThat(land(json).balance()).isEqualTo(Balance.landed(2, 1, 1));
        assertThat(local.partitions(prefix + "raw", "prices"))
                .singleElement()
                .satisfies(p -> assertThat(p.getValues().get(0)).isEqualTo("2024-01-01"));
    }

    @Test
    void dyingAnywhereAndRunningAgainLandsEachRecordOnce() throws Exception {
        int expected = 0;
        for (Step step : Step.values()) {
            write("2024-01-01/" + step + ".csv", "id\n1\n2\n");
            expected += 2;
            Step.Listener dies = reached -> {
                if (reached == step) {
                    throw new Killed();
                }
            };
            assertThatThrownBy(() -> land(source("*.csv"), dies)).isInstanceOf(Killed.class);
            land();
            assertThat(rows("raw", "prices")).as("after dying at %s", step).hasSize(expected);
        }
    }

    @Test
    void dailyTablesReadCellsByColumn(TestingSpark spark) throws Exception {
        write("2024-01-01/a.csv", "id,price\n1,2.50\n2,0.50\n");
        land();
        Table sums = new Table(
                TableName.parse("trusted.sums"),
                "",
                new Definition.Daily("SELECT sum(CAST(row['price'] AS DECIMAL(10,2))) AS total FROM raw.prices"),
                Map.of(),
                List.of(new Input(RAW, 0)),
                List.of(),
                "forever",
                "sums");
        Lake lake = local.lake(prefix, Map.of(), Step.Listener.NONE, raw(source("*.csv")), sums);
        SparkSession session = spark.newSession();
        try (Publisher publisher = lake.publisher()) {
            DailyBuild build = new DailyBuild(lake, publisher, () -> session);
            build.run(sums, List.of(DAY, DAY.plusDays(1)), BuildOverrides.NOTHING);
            List<String> paths = new ArrayList<>();
            for (Partition partition : local.partitions(prefix + "trusted", "sums")) {
                paths.add(partition.getSd().getLocation());
            }
            assertThat(session.read()
                            .parquet(paths.toArray(new String[0]))
                            .collectAsList()
                            .toString())
                    .contains("[3.00]", "[null]");
            write("2024-01-02/b.csv", "id,price\n3,7\n");
            land();
            assertThat(build.run(sums, List.of(DAY, DAY.plusDays(1)), BuildOverrides.NOTHING))
                    .extracting(TableRun::outcome)
                    .containsExactly(TableRun.Outcome.UNCHANGED, TableRun.Outcome.COMMITTED);
        }
    }

    @Test
    void theLedgerSaysWhichFilesWereTaken() throws Exception {
        write("2024-01-01/a.csv", "id\n1\n");
        land();
        Lake lake = local.lake(prefix, Map.of(), Step.Listener.NONE, raw(source("*.csv")));
        LedgerState state = lake.ledger(RAW).read();
        assertThat(state.topicIds()).hasSize(1);
        assertThat(state.topicIds().entrySet().iterator().next())
                .satisfies(e -> assertThat(e.getKey()).endsWith("/2024-01-01/a.csv"))
                .satisfies(e -> assertThat(e.getValue()).matches("5 [0-9]+ [0-9a-f]{64}"));
    }

    @Test
    void blankLinesAreCountedAsDropped() throws Exception {
        write("2024-01-01/a.csv", "id\r\r1\r\r\r2\r");
        TableRun run = land();
        assertThat(run.balance()).isEqualTo(new Balance(5, 2, 0, 3, 0, 0, 0));
        assertThat(run.warnings()).isEmpty();
        assertThat(rows("raw", "prices")).containsExactly("2024-01-01 a.csv 3 {id=1}", "2024-01-01 a.csv 6 {id=2}");
    }

    @Test
    void filesThatHoldNoRowAreNamed() throws Exception {
        write("2024-01-01/a.csv", "id\n1\n");
        write("2024-01-01/b.csv", "id,name\r\n");
        write("2024-01-01/c.csv", "\n\n");
        write("2024-01-01/d.csv", "\uFEFF");
        write("2024-01-01/empty.csv", "");
        TableRun run = land();
        assertThat(run.balance()).isEqualTo(new Balance(3, 1, 0, 2, 0, 0, 0));
        assertThat(run.warnings())
                .singleElement()
                .asString()
                .startsWith("3 of 5 new files hold bytes, but no row: ")
                .contains("b.csv (9 bytes)", "c.csv (2 bytes)", "d.csv (3 bytes)");
        assertThat(land().warnings()).isEmpty();
    }

    @Test
    void readsCompressedFilesByWhatTheyHold() throws Exception {
        int file = 0;
        for (String kind : List.of("gz", "zstd", "bzip2", "xz")) {
            byte[] once = compressed(kind, "id\n1\n");
            write("2024-01-01/a" + file++ + ".csv." + kind, once);
            write("2024-01-01/a" + file++ + ".csv", once);
            write("2024-01-01/a" + file++ + (kind.equals("gz") ? ".zst" : ".gz"), once);
            write("2024-01-01/a" + file++ + "." + kind, joined(once, compressed(kind, "2\n")));
        }
        write("2024-01-01/plain.csv.gz", "id\n1\n");
        write("2024-01-01/empty.gz", "");
        TableRun run = land(source("*"));
        assertThat(run.balance()).isEqualTo(Balance.landed(21, 21, 0));
        assertThat(rows("raw", "prices"))
                .hasSize(21)
                .contains("2024-01-01 a0.csv.gz 2 {id=1}", "2024-01-01 a3.gz 3 {id=2}", "2024-01-01 a15.xz 3 {id=2}");
        assertThat(land(source("*")).outcome()).isEqualTo(TableRun.Outcome.UNCHANGED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"gz", "zstd", "bzip2", "xz"})
    void aDamagedArchiveStopsNoOtherFile(String kind) throws Exception {
        String text =
                "id\n" + new Random(1).ints(50_000).mapToObj(i -> i + "\n").collect(Collectors.joining());
        byte[] whole = compressed(kind, text);
        write("2024-01-01/a.csv", "id\n1\n");
        write("2024-01-01/b.csv", Arrays.copyOf(whole, whole.length - 5));
        byte[] damaged = whole.clone();
        damaged[whole.length / 2] ^= 0x55;
        write("2024-01-01/c.csv", damaged);
        write("2024-01-01/d.csv", "id\n2\n");
        assertThatThrownBy(this::land)
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("Cannot land 2 files of raw.prices: ")
                .hasMessageContaining("b.csv can't be decompressed: it is damaged or breaks off")
                .hasMessageContaining("c.csv can't be decompressed")
                .hasMessageContaining("The 2 other new files were landed.");
        assertThat(rows("raw", "prices")).hasSize(2);
        assertThatThrownBy(this::land).hasMessageContaining("Cannot land 2 files");
        write("2024-01-01/b.csv", whole);
        write("2024-01-01/c.csv", whole);
        assertThat(land().balance()).isEqualTo(Balance.landed(100_000, 100_000, 0));
    }

    @Test
    void archivesAndOtherFormatsAreRefusedWithARemedy() throws Exception {
        ByteArrayOutputStream zip = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(zip)) {
            out.putNextEntry(new ZipEntry("a.csv"));
            out.write("id\n1\n".getBytes(StandardCharsets.UTF_8));
        }
        byte[] tar = new byte[1024];
        System.arraycopy("ustar".getBytes(StandardCharsets.US_ASCII), 0, tar, 257, 5);
        ByteArrayOutputStream tarball = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(tarball)) {
            out.write(tar);
        }
        write("2024-01-01/1.csv", zip.toByteArray());
        write("2024-01-01/2.csv", tarball.toByteArray());
        write("2024-01-01/3.csv", "PAR1\u0015...");
        write("2024-01-01/4.csv.gz", new byte[] {1, 2, 3, 4});
        write(
                "2024-01-01/5.csv",
                compressed("gz", new String(compressed("gz", "id\n1\n"), StandardCharsets.ISO_8859_1)));
        assertThatThrownBy(() -> land(source("*")))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.exitCode()).isEqualTo(ExitCode.DEFINITION))
                .hasMessageContaining("Cannot land 5 files of raw.prices: ")
                .hasMessageContaining("1.csv is a ZIP archive, as Excel's workbooks are, too. Unpack it")
                .hasMessageContaining("2.csv is a tar archive. Unpack it")
                .hasMessageContaining("3.csv is a Parquet file. Export its rows")
                .hasMessageContaining("4.csv.gz is called a gzip file")
                .hasMessageContaining("5.csv is compressed twice");
        assertThat(local.lake(prefix, Map.of(), Step.Listener.NONE, raw(source("*.csv")))
                        .ledger(RAW)
                        .read()
                        .head())
                .isZero();
    }

    @Test
    void aReplayMendsFilesOnceTheirEncodingIsDeclared() throws Exception {
        write("2024-01-01/a.csv", "ação;preço\nvenda;1,50\n".getBytes(Charset.forName("windows-1252")));
        write("2024-01-01/b.csv", "acao;nome\n1;Conceição\n2;Ana\n".getBytes(Charset.forName("windows-1252")));
        Source.Files undeclared =
                new Source.Files("/" + prefix + "landing/{date}/*.csv", "csv", ";", List.of(), "UTF-8");
        assertThat(land(undeclared).balance()).isEqualTo(Balance.landed(4, 1, 3));
        Source.Files declared =
                new Source.Files("/" + prefix + "landing/{date}/*.csv", "csv", ";", List.of(), "windows-1252");
        Table table = raw(declared);
        Lake lake = local.lake(prefix, Map.of(), Step.Listener.NONE, table);
        try (Publisher publisher = lake.publisher()) {
            assertThat(new FilesLanding(lake, publisher).replay(table, declared).balance())
                    .isEqualTo(Balance.landed(3, 3, 0));
        }
        assertThat(rows("raw", "prices"))
                .containsExactlyInAnyOrder(
                        "2024-01-01 a.csv 2 {ação=venda, preço=1,50}",
                        "2024-01-01 b.csv 2 {acao=1, nome=Conceição}",
                        "2024-01-01 b.csv 3 {acao=2, nome=Ana}");
        assertThat(rows("quarantine", "raw_prices")).isEmpty();
    }

    @Test
    void landsTheElementsOfALargeArray() throws Exception {
        String element = "  {\n    \"text\": \"" + "x".repeat(1 << 20) + "\"\n  }";
        write("2024-01-01/a.json.gz", compressed("gz", "[\n" + (element + ",\n").repeat(69) + element + "\n]\n"));
        Source.Files json = new Source.Files("/" + prefix + "landing/{date}/*", "json", "", List.of(), "UTF-8");
        assertThat(land(json).balance()).isEqualTo(Balance.landed(70, 70, 0));
    }

    private static byte[] compressed(String kind, String text) throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        // Like the program zstd; without a checksum, no reader can tell damage.
        try (OutputStream out = kind.equals("zstd")
                ? new ZstdCompressorOutputStream(bytes, 3, false, true)
                : new CompressorStreamFactory().createCompressorOutputStream(kind, bytes)) {
            out.write(text.getBytes(text.charAt(0) == 0x1f ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }

    private static byte[] joined(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    /** Not caught anywhere: stands for a process that dies. */
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    private Path write(String name, String text) throws IOException {
        return write(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private Path write(String name, byte[] bytes) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }

    private Source.Files source(String pattern) {
        return new Source.Files("/" + prefix + "landing/{date}/" + pattern, "csv", ",", List.of(), "UTF-8");
    }

    private static Table raw(Source source) {
        return new Table(
                RAW, "", new Definition.Landing(source), Map.of(), List.of(), List.of(), "forever", "raw hash");
    }

    private TableRun land() throws Exception {
        return land(source("*.csv"));
    }

    private TableRun land(Source.Files source) throws Exception {
        return land(source, Step.Listener.NONE);
    }

    private TableRun land(Source.Files source, Step.Listener steps) throws Exception {
        Table table = raw(source);
        Lake lake = local.lake(prefix, Map.of(), steps, table);
        try (Publisher publisher = lake.publisher()) {
            return new FilesLanding(lake, publisher).run(table, source);
        }
    }

    /** What readers of the metastore see. */
    private List<String> rows(String database, String table) throws Exception {
        List<String> rows = new ArrayList<>();
        for (Partition partition : local.partitions(prefix + database, table)) {
            Path location = Path.of(java.net.URI.create(partition.getSd().getLocation()));
            try (DataFileReader<GenericRecord> reader = new DataFileReader<>(
                    location.resolve("part-0.avro").toFile(), new GenericDatumReader<GenericRecord>())) {
                for (GenericRecord record : reader) {
                    rows.add(partition.getValues().get(0) + " " + shown(record));
                }
            }
        }
        return rows;
    }

    private static String shown(GenericRecord record) {
        if (record.hasField("rule")) {
            java.nio.ByteBuffer value = (java.nio.ByteBuffer) record.get("value");
            return Path.of(record.get("topic").toString()).getFileName() + " " + record.get("offset") + " "
                    + record.get("rule") + " [" + java.nio.charset.StandardCharsets.UTF_8.decode(value) + "]";
        }
        return Path.of(record.get("file").toString()).getFileName() + " " + record.get("line") + " "
                + new java.util.TreeMap<>(strings((Map<?, ?>) record.get("row")));
    }

    private static Map<String, String> strings(Map<?, ?> cells) {
        Map<String, String> strings = new java.util.TreeMap<>();
        cells.forEach((k, v) -> strings.put(k.toString(), String.valueOf(v)));
        return strings;
    }
}
