package dev.igarape.jobs.avro;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import org.xerial.snappy.Snappy;

/**
 * Compresses the blocks of Avro files as Avro's specification says. One serves all files of a task, so that their number
 * does not multiply its memory. Not thread-safe.
 */
public sealed interface BlockCodec extends AutoCloseable {
    /**
     * Compresses a block.
     *
     * @return the compressed block, good until the next call
     */
    ByteBuffer compress(byte[] block, int length) throws IOException;

    @Override
    void close();

    /** Leaves blocks as they are. */
    final class None implements BlockCodec {
        @Override
        public ByteBuffer compress(byte[] block, int length) {
            return ByteBuffer.wrap(block, 0, length);
        }

        @Override
        public void close() {
            // Holds nothing.
        }
    }

    /** Snappy without framing, and the CRC-32 of the uncompressed block behind it. */
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
