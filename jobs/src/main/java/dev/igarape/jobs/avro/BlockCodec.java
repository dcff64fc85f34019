package dev.igarape.jobs.avro;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.xerial.snappy.Snappy;

/**
 * Compressor for the blocks of Avro files, as Avro's specification defines them. All files of a task share one, so that
 * memory does not grow with the number of files. Not thread-safe.
 */
public sealed interface BlockCodec extends AutoCloseable {
    /**
     * Compresses a block.
     *
     * @return the compressed block, valid until the next call
     */
    ByteBuffer compress(byte[] block, int length) throws IOException;

    @Override
    void close();

    /** Leaves blocks uncompressed. */
    final class None implements BlockCodec {
        @Override
        public ByteBuffer compress(byte[] block, int length) {
            return ByteBuffer.wrap(block, 0, length);
        }

        @Override
        public void close() {
            // Holds no resources.
        }
    }

    /** Snappy without framing, followed by the CRC-32 of the uncompressed block. */
    final class SnappyBlocks implements BlockCodec {
        private final CRC32 checksum = new CRC32();
        private byte[] out = new byte[0];

        @Override
        public ByteBuffer compress(byte[] block, int length) throws IOException {
            int most = Snappy.maxCompressedLength(length) + Integer.BYTES;
            if (out.length < most) {
                out = new byte[most];
            }
            int size = Snappy.compress(block, 0, length, out, 0);
            checksum.reset();
            checksum.update(block, 0, length);
            ByteBuffer.wrap(out).putInt(size, (int) checksum.getValue());
            return ByteBuffer.wrap(out, 0, size + Integer.BYTES);
        }

        @Override
        public void close() {
            out = new byte[0];
        }
    }

    /** One Zstandard frame. */
    final class Zstandard implements BlockCodec {
        private final ZstdCompressCtx context = new ZstdCompressCtx();
        private byte[] out = new byte[0];

        Zstandard(int level) {
            context.setLevel(level);
        }

        @Override
        public ByteBuffer compress(byte[] block, int length) {
            int most = Math.toIntExact(Zstd.compressBound(length));
            if (out.length < most) {
                out = new byte[most];
            }
            return ByteBuffer.wrap(out, 0, context.compressByteArray(out, 0, out.length, block, 0, length));
        }

        @Override
        public void close() {
            context.close();
        }
    }
}
