package dev.igarape.api.http;

import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * A streaming decompressor for gzip (RFC 1952) with one member or several. It inflates only what is asked for, so that
 * a zip bomb takes no more memory than the pieces taken; it verifies each member's checksum and length.
 */
final class Gunzip implements AutoCloseable {
    private static final int FIXED_HEADER = 10;
    private static final int TRAILER = 8;
    private static final int HEADER_SUM = 2;
    private static final int EXTRA = 4;
    private static final int NAME = 8;
    private static final int COMMENT = 16;
    private static final int RESERVED = 0xE0;

    private enum Part {
        FIXED,
        EXTRA_LENGTH,
        EXTRA_FIELD,
        NAME,
        COMMENT,
        HEADER_SUM,
        DATA,
        TRAILER
    }

    private final Inflater inflater = new Inflater(true);
    private final CRC32 sum = new CRC32();
    private final byte[] few = new byte[FIXED_HEADER];
    private Part part = Part.FIXED;
    private int flags;
    private int count;
    private int extra;
    private boolean whole;
    private byte[] input = new byte[0];
    private int position;

    /** The next piece of the compressed bytes; the one before must be used up. */
    void feed(byte[] more) {
        input = more;
        position = 0;
    }

    /**
     * Fills the buffer as far as the input goes.
     *
     * @return how many bytes; 0 when more input is needed
     * @throws DataFormatException when this is no gzip, or not what was compressed
     */
    int read(byte[] buffer) throws DataFormatException {
        while (true) {
            if (part == Part.DATA) {
                int inflated = inflate(buffer);
                if (inflated > 0) {
                    return inflated;
                }
            }
            if (part == Part.DATA || position == input.length) {
                return 0;
            }
            take(input[position++] & 0xFF);
        }
    }

    /** Whether the input ended where a member ends. */
    boolean isWhole() {
        return whole;
    }

    private int inflate(byte[] buffer) throws DataFormatException {
        if (inflater.needsInput()) {
            inflater.setInput(input, position, input.length - position);
        }
        int inflated = inflater.inflate(buffer);
        sum.update(buffer, 0, inflated);
        position = input.length - inflater.getRemaining();
        if (inflater.finished()) {
            part = Part.TRAILER;
            count = 0;
        } else if (inflater.needsDictionary()) {
            throw new DataFormatException("needs a dictionary");
        }
        return inflated;
    }

    /** One byte of a header or trailer. */
    private void take(int value) throws DataFormatException {
        whole = false;
        switch (part) {
            case FIXED -> {
                few[count++] = (byte) value;
                if (count == FIXED_HEADER) {
                    checkHeader();
                    next(Part.EXTRA_LENGTH);
                }
            }
            case EXTRA_LENGTH -> {
                extra |= value << (8 * count++);
                if (count == 2) {
                    next(extra == 0 ? Part.NAME : Part.EXTRA_FIELD);
                }
            }
            case EXTRA_FIELD -> {
                if (++count == extra) {
                    next(Part.NAME);
                }
            }
            case NAME, COMMENT -> {
                if (value == 0) {
                    next(part == Part.NAME ? Part.COMMENT : Part.HEADER_SUM);
                }
            }
            case HEADER_SUM -> {
                if (++count == 2) {
                    next(Part.DATA);
                }
            }
            case TRAILER -> {
                few[count++] = (byte) value;
                if (count == TRAILER) {
                    checkTrailer();
                }
            }
            case DATA -> throw new IllegalStateException("data are inflated");
        }
    }

    /** Moves to this part of the header, or to the first one after it that the flags announce. */
    private void next(Part wanted) {
        count = 0;
        part = wanted;
        if (part == Part.EXTRA_LENGTH && (flags & EXTRA) == 0) {
            part = Part.NAME;
        }
        if (part == Part.NAME && (flags & NAME) == 0) {
            part = Part.COMMENT;
        }
        if (part == Part.COMMENT && (flags & COMMENT) == 0) {
            part = Part.HEADER_SUM;
        }
        if (part == Part.HEADER_SUM && (flags & HEADER_SUM) == 0) {
            part = Part.DATA;
        }
    }

    private void checkHeader() throws DataFormatException {
        flags = few[3] & 0xFF;
        if (few[0] != 0x1F || (few[1] & 0xFF) != 0x8B || few[2] != 8 || (flags & RESERVED) != 0) {
            throw new DataFormatException("does not begin as gzip");
        }
    }

    private void checkTrailer() throws DataFormatException {
        if (number(0) != sum.getValue() || number(4) != (inflater.getBytesWritten() & 0xFFFF_FFFFL)) {
            throw new DataFormatException("has another sum or length than was compressed");
        }
        inflater.reset();
        sum.reset();
        part = Part.FIXED;
        count = 0;
        extra = 0;
        whole = true;
    }

    private long number(int from) {
        return (few[from] & 0xFFL)
                | (few[from + 1] & 0xFFL) << 8
                | (few[from + 2] & 0xFFL) << 16
                | (few[from + 3] & 0xFFL) << 24;
    }

    @Override
    public void close() {
        inflater.end();
    }
}
