package dev.igarape.jobs.landing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** A growing buffer that Avro's binary encoding is written to, used again for each record. */
final class AvroBuffer {
    static final int LONGEST_NUMBER = 10;

    private byte[] bytes;
    private int length;

    AvroBuffer() {
        this(4096);
    }

    AvroBuffer(int capacity) {
        bytes = new byte[capacity];
    }

    byte[] array() {
        return bytes;
    }

    int length() {
        return length;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, length);
    }

    AvroBuffer clear() {
        length = 0;
        return this;
    }

    /** Writes an int, long, length or union index. */
    AvroBuffer number(long number) {
        if (bytes.length - length < LONGEST_NUMBER) {
            room(LONGEST_NUMBER);
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

    /** Writes bytes that are encoded already. */
    AvroBuffer raw(byte[] encoded, int from, int count) {
        if (bytes.length - length < count) {
            room(count);
        }
        System.arraycopy(encoded, from, bytes, length, count);
        length += count;
        return this;
    }

    AvroBuffer bytes(byte[] value) {
        return number(value.length).raw(value, 0, value.length);
    }

    AvroBuffer string(String text) {
        return bytes(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a union of null and bytes. */
    AvroBuffer nullableBytes(Optional<byte[]> value) {
        return value.isPresent() ? number(1).bytes(value.get()) : number(0);
    }

    private void room(int count) {
        int needed = Math.addExact(length, count);
        bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(needed, 2L * bytes.length)));
    }
}
