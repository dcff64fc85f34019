package dev.igarape.wire.avro;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.Decoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.util.Utf8;

/**
 * Avro's binary decoder, with a check of every length against the bytes that are left: five broken bytes would
 * otherwise make it allocate gigabytes.
 */
public final class BoundsCheckingDecoder extends Decoder {
    /** How many items a datum may have that take no bytes (null, empty records). */
    private static final int FREE_ITEMS = 1000;

    private final BinaryDecoder in;
    private final InputStream rest;
    private long itemsLeft;

    public BoundsCheckingDecoder(byte[] bytes, int offset, int length) {
        in = DecoderFactory.get().binaryDecoder(bytes, offset, length, null);
        rest = in.inputStream();
        itemsLeft = (long) length + FREE_ITEMS;
    }

    /** @throws IOException if bytes are left */
    public void requireEnd() throws IOException {
        if (rest.available() > 0) {
            throw new IOException(rest.available() + " bytes are left behind the datum");
        }
    }

    private int length() throws IOException {
        long length = in.readLong();
        if (length < 0 || length > rest.available()) {
            throw new IOException("it claims a length of " + length + ", but " + rest.available() + " bytes are left");
        }
        return (int) length;
    }

    private long items(long count) throws IOException {
        itemsLeft -= count;
        if (count < 0 || itemsLeft < 0) {
            throw new IOException("it claims " + count + " items, more than it has bytes for");
        }
        return count;
    }

    @Override
    public void readNull() throws IOException {
        in.readNull();
    }

    @Override
    public boolean readBoolean() throws IOException {
        return in.readBoolean();
    }

    @Override
    public int readInt() throws IOException {
        return in.readInt();
    }

    @Override
    public long readLong() throws IOException {
        return in.readLong();
    }

    @Override
    public float readFloat() throws IOException {
        return in.readFloat();
    }

    @Override
    public double readDouble() throws IOException {
        return in.readDouble();
    }

    @Override
    public Utf8 readString(Utf8 old) throws IOException {
        byte[] bytes = new byte[length()];
        in.readFixed(bytes);
        return new Utf8(bytes);
    }

    @Override
    public String readString() throws IOException {
        return readString(null).toString();
    }

    @Override
    public void skipString() throws IOException {
        in.skipFixed(length());
    }

    @Override
    public ByteBuffer readBytes(ByteBuffer old) throws IOException {
        byte[] bytes = new byte[length()];
        in.readFixed(bytes);
        return ByteBuffer.wrap(bytes);
    }

    @Override
    public void skipBytes() throws IOException {
        in.skipFixed(length());
    }

    @Override
    public void readFixed(byte[] bytes, int start, int length) throws IOException {
        in.readFixed(bytes, start, length);
    }

    @Override
    public void skipFixed(int length) throws IOException {
        in.skipFixed(length);
    }

    @Override
    public int readEnum() throws IOException {
        return in.readEnum();
    }

    @Override
    public long readArrayStart() throws IOException {
        return items(in.readArrayStart());
    }

    @Override
    public long arrayNext() throws IOException {
        return items(in.arrayNext());
    }

    @Override
    public long skipArray() throws IOException {
        return items(in.skipArray());
    }

    @Override
    public long readMapStart() throws IOException {
        return items(in.readMapStart());
    }

    @Override
    public long mapNext() throws IOException {
        return items(in.mapNext());
    }

    @Override
    public long skipMap() throws IOException {
        return items(in.skipMap());
    }

    @Override
    public int readIndex() throws IOException {
        return in.readIndex();
    }
}
