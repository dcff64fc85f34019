package dev.igarape.jobs.avro;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Growing byte buffer for Avro's binary encoding, reused for each record. */
public final class AvroBuffer {
    public static final int LONGEST_NUMBER = 10;

    private byte[] bytes;
    private int length;

    public AvroBuffer() {
        this(4096);
    }

    public AvroBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    public byte[] array() {
        return bytes;
    }

    public int length() {
        return length;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    public AvroBuffer clear() {
        length = 0;
        return this;
    }

    /** Writes an int, long, length or union index. */
    public AvroBuffer number(long number) {
        if (bytes.length - length < LONGEST_NUMBER) {
            ensureCapacity(LONGEST_NUMBER);
        }
        length = write(number, bytes, length);
        return this;
    }

    private static int write(long number, byte[] target, int position) {
        long rest = (number << 1) ^ (number >> 63);
        int at = position;
        while ((rest & ~0x7fL) != 0) {
            target[at++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        target[at++] = (byte) rest;
        return at;
    }

    /** Writes bytes that are already encoded. */
    public AvroBuffer raw(byte[] encoded, int from, int count) {
        if (bytes.length - length < count) {
            ensureCapacity(count);
        }
        System.arraycopy(encoded, from, bytes, length, count);
        length += count;
        return this;
    }

    public AvroBuffer bytes(byte[] value) {
        return number(value.length).raw(value, 0, value.length);
    }

    public AvroBuffer string(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a union of null and bytes. */
    public AvroBuffer nullableBytes(Optional<byte[]> value) {
        return value.isPresent() ? number(1).bytes(value.get()) : number(0);
    }

    private void ensureCapacity(int count) {
        int needed = Math.addExact(length, count);
        bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, 2L * bytes.length)));
    }
}
