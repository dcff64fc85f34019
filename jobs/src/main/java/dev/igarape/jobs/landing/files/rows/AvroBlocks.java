package dev.igarape.jobs.landing.files.rows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import org.apache.avro.file.DataFileConstants;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;

/**
 * An Avro file of which only whole blocks are passed on, and only those with rows. Avro's own reader takes a block that breaks
 * off, or one without rows, for the end of the file, so its rows or those behind it would be lost without a word.
 *
 * <p>Failures of the file system are thrown as {@link UncheckedIOException}, so that they are not taken for damage.
 *
 * @see <a href="https://avro.apache.org/docs/1.11.4/specification/#object-container-files">Avro: object container files</a>
 */
final class AvroBlocks extends InputStream {
    private final InputStream file;
    private final String name;
    private final byte[] sync = new byte[DataFileConstants.SYNC_SIZE];
    private InputStream part;

    /** Reads the header. */
    AvroBlocks(InputStream file, String name) {
        this.file = file;
        this.name = name;
        this.part = new ByteArrayInputStream(header());
    }

    private byte[] header() {
        Recorded recorded = new Recorded();
        BinaryDecoder decoder = DecoderFactory.get().directBinaryDecoder(recorded, null);
        try {
            decoder.skipFixed(DataFileConstants.MAGIC.length);
            for (long entries = decoder.readMapStart(); entries > 0; entries = decoder.mapNext()) {
                for (long entry = 0; entry < entries; entry++) {
                    decoder.readString();
                    decoder.readBytes(null);
                }
            }
            decoder.readFixed(sync);
        } catch (UncheckedIOException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw DamagedFile.breaksOff(name, "Avro", "in its header", e);
        }
        return recorded.bytes.toByteArray();
    }

    /** The next block that has rows, with its marker; false at the end of the file. */
    private boolean nextBlock() {
        while (true) {
            Recorded recorded = new Recorded();
            int first = recorded.read();
            if (first < 0) {
                return false;
            }
            // Avro's own reader takes a block without rows for the end of the file, too.
            if (block(recorded, first) > 0) {
                part = new ByteArrayInputStream(recorded.bytes.toByteArray());
                return true;
            }
        }
    }

    /** Reads a block with its marker, whose first byte was read, and says how many rows it has. */
    private long block(Recorded recorded, int first) {
        try {
            long rows = recorded.number(first);
            if (rows < 0) {
                throw DamagedFile.breaksOff(name, "Avro", "a block says that it has " + rows + " rows", null);
            }
            long length = recorded.number(recorded.read());
            if (length < 0 || length > Integer.MAX_VALUE - DataFileConstants.SYNC_SIZE) {
                throw DamagedFile.breaksOff(name, "Avro", "a block says that it has " + length + " bytes", null);
            }
            byte[] block = recorded.readNBytes((int) length + DataFileConstants.SYNC_SIZE);
            if (block.length < length + DataFileConstants.SYNC_SIZE) {
                throw new EOFException();
            }
            if (!Arrays.equals(sync, Arrays.copyOfRange(block, (int) length, block.length))) {
                throw DamagedFile.breaksOff(name, "Avro", "a block does not end with the file's marker", null);
            }
            return rows;
        } catch (EOFException e) {
            throw DamagedFile.breaksOff(name, "Avro", "its last block is not whole", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
        try {
            int count = part.read(into, offset, length);
            return count < 0 && nextBlock() ? part.read(into, offset, length) : count;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** Reads the file and keeps what was read. */
    private final class Recorded extends InputStream {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] into, int offset, int length) {
            try {
                int count = file.read(into, offset, length);
                if (count > 0) {
                    bytes.write(into, offset, count);
                }
                return count;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        /** A number in Avro's variable length, whose first byte was read. */
        private long number(int first) throws EOFException {
            long bits = 0;
            int next = first;
            for (int shift = 0; shift < Long.SIZE; shift += 7) {
                if (next < 0) {
                    throw new EOFException();
                }
                bits |= (next & 0x7fL) << shift;
                if (next < 0x80) {
                    return (bits >>> 1) ^ -(bits & 1);
                }
                next = read();
            }
            throw DamagedFile.breaksOff(name, "Avro", "a block has no length", null);
        }
    }
}
