package dev.igarape.jobs.avro;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Merges small Avro files into larger ones block by block, without decoding records. Files of different schemas are not
 * merged.
 */
public final class AvroBlocks {
    private final FileSystem files;
    private final long fileBytes;

    /** @param fileBytes approximate size at which the next file is begun */
    public AvroBlocks(FileSystem files, long fileBytes) {
        this.files = files;
        this.fileBytes = fileBytes;
    }

    /**
     * Row count and hash of a set of files, independent of their order and number.
     *
     * @param hash sum of the hashes of all blocks before compression
     */
    public record Content(long rows, long hash) {
        static final Content NONE = new Content(0, 0);

        Content plus(Content other) {
            return new Content(rows + other.rows, hash + other.hash);
        }
    }

    /** Reads the files and computes their row count and hash. */
    public Content content(List<Path> paths) throws IOException {
        Content content = Content.NONE;
        for (Path path : paths) {
            try (DataFileStream<GenericRecord> in = open(path)) {
                while (in.hasNext()) {
                    ByteBuffer block = in.nextBlock();
                    content = content.plus(new Content(in.getBlockCount(), hash(in.getSchema(), block)));
                }
            }
        }
        return content;
    }

    private static long hash(Schema schema, ByteBuffer block) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(
                    ByteBuffer.allocate(Integer.BYTES).putInt(schema.hashCode()).flip());
            digest.update(block.duplicate());
            return ByteBuffer.wrap(digest.digest()).getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Copies all blocks of the files into new files in a folder. */
    public void copy(List<Path> from, Path folder) throws IOException {
        Map<Schema, Output> open = new HashMap<>();
        int created = 0;
        try {
            for (Path path : from) {
                try (DataFileStream<GenericRecord> in = open(path)) {
                    Schema schema = in.getSchema();
                    Output output = open.get(schema);
                    if (output != null && output.size() >= fileBytes) {
                        output.close();
                        output = null;
                    }
                    if (output == null) {
                        output = new Output(new Path(folder, "part-" + created++ + ".avro"), schema);
                        open.put(schema, output);
                    }
                    output.append(in);
                }
            }
        } finally {
            for (Output output : open.values()) {
                output.close();
            }
        }
    }

    private DataFileStream<GenericRecord> open(Path path) throws IOException {
        return new DataFileStream<>(new BufferedInputStream(files.open(path), 1 << 20), new GenericDatumReader<>());
    }

    /** A file that is being written. */
    private final class Output {
        private final FSDataOutputStream out;
        private final DataFileWriter<GenericRecord> writer;

        Output(Path path, Schema schema) throws IOException {
            this.out = files.create(path, false);
            this.writer = new DataFileWriter<>(new GenericDatumWriter<GenericRecord>(schema));
            writer.setCodec(AvroCodec.zstandard(3).factory());
            writer.create(schema, out);
        }

        /** Blocks that already use the target codec are not compressed again. */
        void append(DataFileStream<GenericRecord> in) throws IOException {
            writer.appendAllFrom(in, false);
            writer.flush();
        }

        long size() throws IOException {
            return out.getPos();
        }

        void close() throws IOException {
            writer.close();
        }
    }
}
