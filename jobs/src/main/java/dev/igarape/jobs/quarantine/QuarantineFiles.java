package dev.igarape.jobs.quarantine;

import dev.igarape.jobs.lake.Lake;
import dev.igarape.jobs.ledger.LedgerState.CurrentPartition;
import dev.igarape.jobs.publish.TableLayout;
import dev.igarape.model.Table;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Optional;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;

/** Reads the files of quarantine partitions, Avro and Parquet; needs no Spark session. */
final class QuarantineFiles {
    private final Lake lake;
    private final Path root;

    QuarantineFiles(Lake lake, Table table) {
        this.lake = lake;
        this.root = new Path(new TableLayout(lake.target(), table).quarantineFolder());
    }

    /** Consumer of rows; returns false to stop reading. */
    @FunctionalInterface
    interface Reader {
        boolean accept(QuarantinedRow row);
    }

    /** Reads a partition's rows; returns false if the reader stopped. */
    boolean read(CurrentPartition placed, Reader reader) throws IOException {
        if (placed.partition().rows() == 0) {
            return true;
        }
        for (FileStatus file :
                lake.files().listStatus(new Path(root, placed.partition().path()))) {
            String name = file.getPath().getName();
            boolean more = true;
            if (name.endsWith(".avro")) {
                more = readAvro(placed, file.getPath(), reader);
            } else if (name.endsWith(".parquet")) {
                more = readParquet(placed, file.getPath(), reader);
            }
            if (!more) {
                return false;
            }
        }
        return true;
    }

    private boolean readAvro(CurrentPartition placed, Path file, Reader reader) throws IOException {
        try (DataFileStream<GenericRecord> in = new DataFileStream<>(
                new BufferedInputStream(lake.files().open(file), 1 << 20), new GenericDatumReader<>())) {
            for (GenericRecord row : in) {
                QuarantinedRow read = new QuarantinedRow(
                        placed.partition().date(),
                        placed.sequence(),
                        row.get("rule").toString(),
                        row.get("reason").toString(),
                        Optional.of(row.get("topic").toString()),
                        Optional.of((Integer) row.get("partition")),
                        Optional.of((Long) row.get("offset")),
                        Optional.of(Instant.ofEpochMilli((Long) row.get("timestamp"))),
                        Optional.ofNullable((Integer) row.get("schema_id")),
                        bytes(row.get("key")),
                        bytes(row.get("value")),
                        Optional.ofNullable(row.get("row")).map(Object::toString));
                if (!reader.accept(read)) {
                    return false;
                }
            }
        }
        return true;
    }

    private static Optional<byte[]> bytes(Object value) {
        return Optional.ofNullable((ByteBuffer) value).map(buffer -> {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return bytes;
        });
    }

    /** Rows of a query have neither a topic nor a key or value. */
    private boolean readParquet(CurrentPartition placed, Path file, Reader reader) throws IOException {
        try (ParquetReader<Group> in = ParquetReader.builder(new GroupReadSupport(), file)
                .withConf(lake.hadoop())
                .build()) {
            for (Group row = in.read(); row != null; row = in.read()) {
                QuarantinedRow read = new QuarantinedRow(
                        placed.partition().date(),
                        placed.sequence(),
                        row.getString("rule", 0),
                        row.getString("reason", 0),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        row.getFieldRepetitionCount("row") == 0
                                ? Optional.empty()
                                : Optional.of(row.getString("row", 0)));
                if (!reader.accept(read)) {
                    return false;
                }
            }
        }
        return true;
    }
}
