package dev.igarape.wire.avro;

import java.util.Arrays;

/** A buffer for a datum in Avro's binary encoding, whose end can be reordered. Not thread-safe. */
public final class DatumBuffer {
    private byte[] bytes = new byte[256];
    private int size;

    public int size() {
        return size;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    public void writeByte(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
    }

    public void writeBytes(byte[] value) {
        reserve(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
    }

    /** Avro's int and long: zigzag, then seven bits a byte, the low ones first. */
    public void writeLong(long value) {
        reserve(10);
        long rest = value << 1 ^ value >> 63;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) (rest & 0x7f | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    public void writeFloat(float value) {
        writeLittleEndian(Float.floatToRawIntBits(value), Float.BYTES);
    }

    public void writeDouble(double value) {
        writeLittleEndian(Double.doubleToRawLongBits(value), Double.BYTES);
    }

    private void writeLittleEndian(long bits, int length) {
        reserve(length);
        for (int i = 0; i < length; i++) {
            bytes[size++] = (byte) (bits >>> 8 * i);
        }
    }

    /**
     * Writes text as an Avro string.
     *
     * @return false, with nothing written, if it has half a surrogate pair, for which UTF-8 has no encoding
     */
    public boolean writeString(char[] chars, int offset, int length) {
        int end = offset + length;
        int encoded = 0;
        for (int i = offset; i < end; i++) {
            char c = chars[i];
            if (c < 0x80) {
                encoded++;
            } else if (c < 0x800) {
                encoded += 2;
            } else if (!Character.isSurrogate(c)) {
                encoded += 3;
            } else if (Character.isHighSurrogate(c) && i + 1 < end && Character.isLowSurrogate(chars[i + 1])) {
                encoded += 4;
                i++;
            } else {
                return false;
            }
        }
        writeLong(encoded);
        reserve(encoded);
        encode(chars, offset, end);
        return true;
    }

    private void encode(char[] chars, int offset, int end) {
        for (int i = offset; i < end; i++) {
            int c = chars[i];
            if (c < 0x80) {
                bytes[size++] = (byte) c;
            } else if (c < 0x800) {
                bytes[size++] = (byte) (0xc0 | c >> 6);
                bytes[size++] = (byte) (0x80 | c & 0x3f);
            } else if (!Character.isSurrogate((char) c)) {
                bytes[size++] = (byte) (0xe0 | c >> 12);
                bytes[size++] = (byte) (0x80 | c >> 6 & 0x3f);
                bytes[size++] = (byte) (0x80 | c & 0x3f);
            } else {
                int point = Character.toCodePoint((char) c, chars[++i]);
                bytes[size++] = (byte) (0xf0 | point >> 18);
                bytes[size++] = (byte) (0x80 | point >> 12 & 0x3f);
                bytes[size++] = (byte) (0x80 | point >> 6 & 0x3f);
                bytes[size++] = (byte) (0x80 | point & 0x3f);
            }
        }
    }

    /**
     * Turns what was written since {@code start} into one Avro block of items, with the count in front and the empty
     * block that ends an array or a map after it.
     */
    public void closeBlock(int start, long count) {
        if (count > 0) {
            int body = size - start;
            writeLong(count);
            int header = size - start - body;
            byte[] encodedCount = Arrays.copyOfRange(bytes, size - header, size);
            System.arraycopy(bytes, start, bytes, start + header, body);
            System.arraycopy(encodedCount, 0, bytes, start, header);
        }
        writeByte(0);
    }

    /** Replaces what was written since {@code start} by these pieces of it, and bytes from elsewhere, in this order. */
    public void rearrange(int start, Piece[] pieces) {
        byte[] old = Arrays.copyOfRange(bytes, start, size);
        size = start;
        for (Piece piece : pieces) {
            byte[] source = piece.elsewhere() == null ? old : piece.elsewhere();
            int from = piece.elsewhere() == null ? piece.from() - start : 0;
            int length = piece.elsewhere() == null ? piece.to() - piece.from() : source.length;
            reserve(length);
            System.arraycopy(source, from, bytes, size, length);
            size += length;
        }
    }

    private void reserve(int more) {
        if (bytes.length - size < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.addExact(size, more), bytes.length + (bytes.length >> 1)));
        }
    }

    /** A stretch of this buffer, or of other bytes. */
    public record Piece(int from, int to, byte[] elsewhere) {
        public static Piece here(int from, int to) {
            return new Piece(from, to, null);
        }

        public static Piece of(byte[] bytes) {
            return new Piece(0, 0, bytes);
        }
    }
}
