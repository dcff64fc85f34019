package dev.igarape.jobs.landing.files.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.igarape.model.error.LakeException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.avro.AvroParquetWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows of files whose readers end too early, or take a file system that fails for a damaged file. */
final class FileRowsTest {
    private static final Schema SALE =
            SchemaBuilder.record("Sale").fields().requiredLong("id").endRecord();
    private static final int MARKER = 16;

    @TempDir
    private Path folder;

    /** Avro's reader takes it for the end of the file. */
    @Test
    void rowsBehindABlockWithoutRowsAreRead() throws Exception {
        byte[] whole = avro(1, 2);
        int header = avro().length;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(whole, 0, header);
        bytes.write(block(whole, 0));
        bytes.write(whole, header, whole.length - header);
        bytes.write(block(whole, 0));
        bytes.write(block(whole, 0));
        bytes.write(whole, header, whole.length - header);
        assertThat(ids(bytes.toByteArray())).containsExactly("1", "2", "1", "2");
        bytes.write(block(whole, 1));
        assertThatThrownBy(() -> ids(bytes.toByteArray()))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("sale.avro can't be read as Avro: it is damaged")
                .hasMessageContaining("a block says that it has -1 rows");
    }

    /** An empty block that says so many rows, as Avro writes it: 1 stands for -1. */
    private static byte[] block(byte[] whole, int rows) {
        byte[] block = Arrays.copyOfRange(whole, whole.length - MARKER - 2, whole.length);
        block[0] = (byte) rows;
        block[1] = 0;
        return block;
    }

    @Test
    void aFileSystemThatFailsIsNoDamageOfTheFile() throws Exception {
        Configuration hadoop = new Configuration();
        hadoop.set("fs.failing.impl", FailingFileSystem.class.getName());
        org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path("failing://" + folder.resolve("sale.parquet"));
        parquet(1_000);
        FailingFileSystem.READS_LEFT.set(Integer.MAX_VALUE);
        assertThat(ids(new ParquetFileRows(path, hadoop, "sale.parquet"))).hasSize(1_000);
        int reads = Integer.MAX_VALUE - FailingFileSystem.READS_LEFT.get();
        assertThat(reads).isGreaterThan(3);
        for (int succeed = 0; succeed < reads; succeed++) {
            FailingFileSystem.READS_LEFT.set(succeed);
            assertThatThrownBy(() -> ids(new ParquetFileRows(path, hadoop, "sale.parquet")))
                    .isInstanceOf(IOException.class)
                    .hasMessage(FailingFileSystem.AWAY);
        }
    }

    @Test
    void aParquetFileIsDamagedWhereverItIsCut() throws Exception {
        byte[] whole = parquet(10);
        for (int length = 4; length < whole.length; length++) {
            Path cut = Files.write(folder.resolve("cut.parquet"), Arrays.copyOf(whole, length));
            assertThatThrownBy(() -> ids(new ParquetFileRows(
                            new org.apache.hadoop.fs.Path(cut.toUri()), new Configuration(), "cut.parquet")))
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining("cut.parquet can't be read as Parquet: it is damaged or breaks off");
        }
    }

    private static List<String> ids(byte[] avro) throws IOException {
        return ids(new AvroFileRows(new ByteArrayInputStream(avro), "sale.avro"));
    }

    private static List<String> ids(FileRows file) throws IOException {
        List<String> ids = new ArrayList<>();
        try (file) {
            for (Optional<Object> next = file.next(); next.isPresent(); next = file.next()) {
                ids.add(((GenericRecord) next.get()).get("id").toString());
            }
        }
        return ids;
    }

    private static byte[] avro(long... ids) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataFileWriter<GenericRecord> writer = new DataFileWriter<>(new GenericDatumWriter<>(SALE))) {
            writer.create(SALE, bytes);
            for (long id : ids) {
                writer.append(new GenericRecordBuilder(SALE).set("id", id).build());
            }
        }
        return bytes.toByteArray();
    }

    private byte[] parquet(int rows) throws IOException {
        Path file = folder.resolve("sale.parquet");
        try (ParquetWriter<GenericRecord> writer = AvroParquetWriter.<GenericRecord>builder(
                        HadoopOutputFile.fromPath(new org.apache.hadoop.fs.Path(file.toUri()), new Configuration()))
                .withSchema(SALE)
                .build()) {
            for (long id = 0; id < rows; id++) {
                writer.write(new GenericRecordBuilder(SALE).set("id", id).build());
            }
        }
        return Files.readAllBytes(file);
    }
}
