package dev.igarape.jobs.landing.kafka.output;

import dev.igarape.jobs.avro.AvroBuffer;
import dev.igarape.jobs.avro.AvroCodec;
import dev.igarape.jobs.avro.BlockCodec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.UUID;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Writer of an Avro file for records that are already encoded. Avro's own writer makes the header; blocks are assembled
 * here, because Avro's would pass each record through three layers of streams.
 */
final class AvroFile {
    private static final int SYNC_LENGTH = 16;
    private static final int FIRST_BLOCK = 16 << 10;

    private final String path;
    private final LocalDate date;
    private final int schemaId;
    private final int blockBytes;
    private final BlockCodec codec;
    private final FSDataOutputStream out;
    private final byte[] sync;
    private final AvroBuffer blockHeader = new AvroBuffer(2 * AvroBuffer.LONGEST_NUMBER);

    private byte[] block;
    private int blockLength;
    private long blockRows;
    private long rows;

    private AvroFile(
            String path,
            LocalDate date,
            int schemaId,
            LandingOptions options,
            BlockCodec codec,
            FSDataOutputStream out,
            byte[] sync) {
        this.path = path;
        this.date = date;
        this.schemaId = schemaId;
        this.blockBytes = options.bounds().blockBytes();
        this.codec = codec;
        this.out = out;
        this.sync = sync;
        this.block = new byte[Math.min(FIRST_BLOCK, blockBytes)];
    }

    /** Creates the file, which must not exist, and writes its header. */
    static AvroFile create(
            FileSystem fs,
            Path folder,
            String path,
            LocalDate date,
            int schemaId,
            Schema schema,
            LandingOptions options,
            BlockCodec codec)
            throws IOException {
        byte[] sync = randomSync();
        byte[] header = header(schema, options.codec(), sync);
        FSDataOutputStream out = fs.create(new Path(folder, path), false);
        try {
            out.write(header);
            return new AvroFile(path, date, schemaId, options, codec, out, sync);
        } catch (IOException | RuntimeException e) {
            out.close();
            throw e;
        }
    }

    private static byte[] randomSync() {
        UUID random = UUID.randomUUID();
        return ByteBuffer.allocate(SYNC_LENGTH)
                .putLong(random.getMostSignificantBits())
                .putLong(random.getLeastSignificantBits())
                .array();
    }

    private static byte[] header(Schema schema, AvroCodec codec, byte[] sync) throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        try (DataFileWriter<Object> writer = new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
            writer.setCodec(codec.factory());
            writer.create(schema, header, sync);
        }
        return header.toByteArray();
    }

    /**
     * Appends one encoded record.
     *
     * @return whether a block was written, so that the file has grown
     */
    boolean append(byte[] encoded, int from, int length) throws IOException {
        if (length > block.length - blockLength) {
            grow(length);
        }
        System.arraycopy(encoded, from, block, blockLength, length);
        blockLength += length;
        blockRows++;
        if (blockLength < blockBytes) {
            return false;
        }
        writeBlock();
        return true;
    }

    private void grow(int length) {
        long needed = (long) blockLength + length;
        long wanted = Math.max(needed, Math.min(2L * block.length, blockBytes + 1024L));
        block = Arrays.copyOf(block, Math.toIntExact(wanted));
    }

    private void writeBlock() throws IOException {
        ByteBuffer data = codec.compress(block, blockLength);
        blockHeader.clear().number(blockRows).number(data.remaining());
        out.write(blockHeader.array(), 0, blockHeader.length());
        out.write(data.array(), data.position(), data.remaining());
        out.write(sync);
        rows += blockRows;
        blockRows = 0;
        blockLength = 0;
        if (block.length > 2 * blockBytes) {
            block = new byte[blockBytes];
        }
    }

    /** Number of bytes written, without the current block. */
    long size() throws IOException {
        return out.getPos();
    }

    /**
     * Writes what is left and closes the file.
     *
     * @param first earliest event time of its rows, in milliseconds since the epoch
     * @param last latest one
     */
    LandedFile close(long first, long last) throws IOException {
        if (blockRows > 0) {
            writeBlock();
        }
        long bytes = out.getPos();
        out.close();
        return new LandedFile(path, date, rows, bytes, schemaId, first, last);
    }

    /** Closes the file after a failure; its content does not matter. */
    void abandon() {
        try {
            out.close();
        } catch (IOException e) {
            // The attempt has already failed for a reason that says more.
        }
    }
}
