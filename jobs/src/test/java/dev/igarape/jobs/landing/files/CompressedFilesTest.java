package dev.igarape.jobs.landing.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.jobs.lake.TableRun;
import dev.igarape.jobs.ledger.Balance;
import dev.igarape.jobs.ledger.Step;
import dev.igarape.model.Source;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.compressors.CompressorStreamFactory;
import org.apache.commons.compress.compressors.zstandard.ZstdCompressorOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that are compressed, or of a format that is not landed. */
final class CompressedFilesTest extends FilesLandingTestBase {
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
                .hasMessageContaining("3.csv is a Parquet file. Land such files by a table with `format: parquet`")
                .hasMessageContaining("4.csv.gz is called a gzip file")
                .hasMessageContaining("5.csv is compressed twice");
        assertThat(local.lake(prefix, Map.of(), Step.Listener.NONE, raw(source("*.csv")))
                        .ledger(RAW)
                        .read()
                        .head())
                .isZero();
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
}
