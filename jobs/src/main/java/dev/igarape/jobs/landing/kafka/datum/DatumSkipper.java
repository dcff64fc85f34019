package dev.igarape.jobs.landing.kafka.datum;

import java.util.Optional;
import org.apache.avro.Schema;

/**
 * Validates the binary encoding of one Avro datum and reads its event time, without decoding it. Compiled once for each
 * writer schema into a program of {@link Opcode}s, which this class interprets.
 *
 * <p>A datum is valid if it ends exactly at the end of the bytes and every length, count, union index, enum index and
 * boolean is valid. Strings are not checked for UTF-8. Depth and work are bounded: data nested more than {@value
 * #MAX_DEPTH} deep, or claiming more than {@value #MAX_EMPTY_ITEMS} items that take no bytes, are rejected, because
 * readers would fail on them. Nothing is allocated in proportion to what the data claim.
 *
 * <p>Not thread-safe: the object holds the result of the last call.
 */
public final class DatumSkipper {
    /** Maximum nesting of arrays, maps and recursive records. */
    static final int MAX_DEPTH = 500;
    /** Maximum number of items without bytes (nulls, empty records) in a datum. */
    static final int MAX_EMPTY_ITEMS = 1_000_000;

    private static final EventTimeKind[] KINDS = EventTimeKind.values();
    private static final int ABSENT = EventTimeKind.ABSENT.ordinal();
    private static final int INSTANT = EventTimeKind.INSTANT.ordinal();
    private static final int LOCAL_DAY = EventTimeKind.LOCAL_DAY.ordinal();
    private static final int LOCAL_TIME = EventTimeKind.LOCAL_TIME.ordinal();
    private static final int UNREADABLE = EventTimeKind.UNREADABLE.ordinal();

    private final SkipProgram program;
    private final int[] code;
    private final IsoTime isoTime = new IsoTime();

    /** Position after the long that {@link #slowLong} read. */
    private int next;

    private long emptyItems;

    /** Ordinal of the event time's kind, because storing references is slow; see {@link #run}. */
    private int kind = ABSENT;

    private long value;
    private String unreadable = "";

    private DatumSkipper(SkipProgram program) {
        this.program = program;
        this.code = program.code();
    }

    /**
     * Compiles a writer schema.
     *
     * @param eventTime name of a top-level field: a long (timestamp-millis, -micros, -nanos, local or not; without a
     *     logical type: milliseconds), an int date, an ISO-8601 string, or a union of those with null
     */
    public static DatumSkipper compile(Schema writer, Optional<String> eventTime) {
        return new DatumSkipper(SkipCompiler.compile(writer, eventTime));
    }

    /**
     * Validates the datum in the bytes from {@code from} (inclusive) to {@code until} (exclusive).
     *
     * @return why it is not valid; empty if it is
     */
    public Optional<String> validate(byte[] bytes, int from, int until) {
        emptyItems = 0;
        kind = ABSENT;
        try {
            int reached = run(bytes, until, 0, from, 0);
            if (reached != until) {
                return Optional.of(
                        (until - reached) + " bytes are left over behind the datum, which takes " + (reached - from));
            }
            return Optional.empty();
        } catch (MalformedDatumException malformed) {
            return Optional.of(program.paths().get(malformed.instruction()) + ", at byte "
                    + (malformed.position() - from) + ": " + malformed.getMessage());
        }
    }

    /** Kind of the event time in the last valid datum. */
    public EventTimeKind eventTimeKind() {
        return KINDS[kind];
    }

    /** Milliseconds or days since the epoch, depending on {@link #eventTimeKind()}; otherwise undefined. */
    public long eventTime() {
        return value;
    }

    /** Why the event time could not be read, if {@link #eventTimeKind()} is {@code UNREADABLE}. */
    public String unreadableReason() {
        return unreadable;
    }

    /**
     * Runs the program at {@code entry} on the bytes at {@code from} until it returns, and returns the position
     * reached. The bytes are an argument and not a field, because storing a reference for each datum would cost a write
     * barrier of the garbage collector.
     */
    private int run(byte[] bytes, int until, int entry, int from, int depth) {
        int[] ops = code;
        int pc = entry;
        int pos = from;
        if (depth > MAX_DEPTH) {
            throw new MalformedDatumException(pc, pos, "the data nest more than " + MAX_DEPTH + " deep");
        }
        while (true) {
            switch (ops[pc]) {
                case Opcode.RETURN:
                    return pos;
                case Opcode.BOOLEAN:
                    if (pos >= until || (bytes[pos] & ~1) != 0) {
                        throw badBoolean(bytes, until, pc, pos);
                    }
                    pos++;
                    pc++;
                    break;
                case Opcode.INT:
                    pos = pos < until && bytes[pos] >= 0 ? pos + 1 : slowInt(bytes, until, pc, pos);
                    pc++;
                    break;
                case Opcode.LONG:
                    if (pos < until && bytes[pos] >= 0) {
                        pos++;
                    } else {
                        slowLong(bytes, until, pc, pos);
                        pos = next;
                    }
                    pc++;
                    break;
                case Opcode.FIXED:
                    if (until - pos < ops[pc + 1]) {
                        throw new MalformedDatumException(
                                pc, pos, "needs " + ops[pc + 1] + " bytes, " + (until - pos) + " are left");
                    }
                    pos += ops[pc + 1];
                    pc += 2;
                    break;
                case Opcode.BYTES: {
                    long size;
                    int body;
                    if (pos < until && bytes[pos] >= 0) {
                        size = (bytes[pos] >>> 1) ^ -(bytes[pos] & 1);
                        body = pos + 1;
                    } else {
                        size = slowLong(bytes, until, pc, pos);
                        body = next;
                    }
                    if (size < 0 || size > until - body) {
                        throw badLength(pc, pos, size, until - body);
                    }
                    pos = body + (int) size;
                    pc++;
                    break;
                }
                case Opcode.ENUM: {
                    long symbol = slowLong(bytes, until, pc, pos);
                    if (symbol < 0 || symbol >= ops[pc + 1]) {
                        throw new MalformedDatumException(
                                pc, pos, "enum index " + symbol + " is not one of " + ops[pc + 1] + " symbols");
                    }
                    pos = next;
                    pc += 2;
                    break;
                }
                case Opcode.UNION: {
                    long branch;
                    if (pos < until && bytes[pos] >= 0) {
                        branch = (bytes[pos] >>> 1) ^ -(bytes[pos] & 1);
                        next = pos + 1;
                    } else {
                        branch = slowLong(bytes, until, pc, pos);
                    }
                    if (branch < 0 || branch >= ops[pc + 1]) {
                        throw new MalformedDatumException(
                                pc, pos, "union index " + branch + " is not one of " + ops[pc + 1] + " branches");
                    }
                    pos = next;
                    pc = ops[pc + 2 + (int) branch];
                    break;
                }
                case Opcode.JUMP:
                    pc = ops[pc + 1];
                    break;
                case Opcode.BLOCKS:
                    pos = blocks(bytes, until, pc, pos, depth + 1);
                    pc = ops[pc + 2];
                    break;
                case Opcode.CALL:
                    pos = run(bytes, until, ops[pc + 1], pos, depth + 1);
                    pc += 2;
                    break;
                case Opcode.EVENT_LONG:
                    eventLong(ops[pc + 1], slowLong(bytes, until, pc, pos));
                    pos = next;
                    pc += 2;
                    break;
                case Opcode.EVENT_DATE: {
                    int after = slowInt(bytes, until, pc, pos);
                    value = slowLong(bytes, until, pc, pos);
                    kind = LOCAL_DAY;
                    pos = after;
                    pc++;
                    break;
                }
                case Opcode.EVENT_STRING:
                    pos = eventString(bytes, until, pc, pos);
                    pc++;
                    break;
                case Opcode.EVENT_UNREADABLE:
                    kind = UNREADABLE;
                    unreadable = program.reasons().get(ops[pc + 1]);
                    pc += 2;
                    break;
                default:
                    throw new IllegalStateException("no instruction " + ops[pc] + " at " + pc);
            }
        }
    }

    /** Validates the blocks of an array or map; {@code pc} is the instruction itself. */
    private int blocks(byte[] bytes, int until, int pc, int from, int depth) {
        int least = code[pc + 1];
        int pos = from;
        while (true) {
            int block = pos;
            long count = slowLong(bytes, until, pc, pos);
            pos = next;
            if (count == 0) {
                return pos;
            }
            long size = -1;
            if (count < 0) {
                count = -count;
                size = slowLong(bytes, until, pc, pos);
                pos = next;
                if (size < 0 || size > until - pos) {
                    throw badLength(pc, block, size, until - pos);
                }
            }
            long room = least == 0 ? MAX_EMPTY_ITEMS - emptyItems : (until - pos) / least;
            if (count < 0 || count > room) {
                throw new MalformedDatumException(
                        pc,
                        block,
                        "a block claims " + (count < 0 ? "2^63" : count) + " items, more than "
                                + (least == 0
                                        ? MAX_EMPTY_ITEMS + " without bytes"
                                        : (until - pos) + " bytes can hold"));
            }
            if (least == 0) {
                emptyItems += count;
            }
            int body = pos;
            for (long i = 0; i < count; i++) {
                pos = run(bytes, until, pc + 3, pos, depth);
            }
            if (size >= 0 && pos - body != size) {
                throw new MalformedDatumException(
                        pc, block, "a block claims " + size + " bytes, but its items take " + (pos - body));
            }
        }
    }

    private void eventLong(int unit, long number) {
        switch (unit) {
            case SkipCompiler.MICROS:
                kind = INSTANT;
                value = Math.floorDiv(number, 1_000L);
                break;
            case SkipCompiler.NANOS:
                kind = INSTANT;
                value = Math.floorDiv(number, 1_000_000L);
                break;
            case SkipCompiler.LOCAL_MILLIS:
                kind = LOCAL_TIME;
                value = number;
                break;
            case SkipCompiler.LOCAL_MICROS:
                kind = LOCAL_TIME;
                value = Math.floorDiv(number, 1_000L);
                break;
            default:
                kind = INSTANT;
                value = number;
        }
    }

    private int eventString(byte[] bytes, int until, int pc, int pos) {
        long size = slowLong(bytes, until, pc, pos);
        int body = next;
        if (size < 0 || size > until - body) {
            throw badLength(pc, pos, size, until - body);
        }
        int after = body + (int) size;
        isoTime.parse(bytes, body, after);
        kind = isoTime.kind().ordinal();
        value = isoTime.value();
        if (kind == UNREADABLE) {
            unreadable = "field " + program.paths().get(pc) + " is a string of " + size
                    + " bytes that is not an ISO-8601 date or timestamp";
        }
        return after;
    }

    /** Skips an int of several bytes, and rejects one that does not fit 32 bits. */
    private int slowInt(byte[] bytes, int until, int pc, int pos) {
        for (int i = 0; i < 5; i++) {
            if (pos + i >= until) {
                throw cutOff(until, pc, pos);
            }
            byte b = bytes[pos + i];
            if (b >= 0) {
                if (i == 4 && b > 0x0f) {
                    break;
                }
                return pos + i + 1;
            }
        }
        throw new MalformedDatumException(pc, pos, "an int does not fit 32 bits");
    }

    /** Reads a long; {@link #next} is the position after it. */
    private long slowLong(byte[] bytes, int until, int pc, int pos) {
        long raw = 0;
        for (int i = 0; i < 10; i++) {
            if (pos + i >= until) {
                throw cutOff(until, pc, pos);
            }
            byte b = bytes[pos + i];
            raw |= (long) (b & 0x7f) << (7 * i);
            if (b >= 0) {
                if (i == 9 && b > 1) {
                    break;
                }
                next = pos + i + 1;
                return (raw >>> 1) ^ -(raw & 1);
            }
        }
        throw new MalformedDatumException(pc, pos, "a long does not fit 64 bits");
    }

    private static MalformedDatumException cutOff(int until, int pc, int pos) {
        return new MalformedDatumException(
                pc, pos, pos >= until ? "the data end here" : "the data end within a number");
    }

    private static MalformedDatumException badBoolean(byte[] bytes, int until, int pc, int pos) {
        return pos >= until
                ? cutOff(until, pc, pos)
                : new MalformedDatumException(pc, pos, "a boolean is 0 or 1, not " + (bytes[pos] & 0xff));
    }

    private static MalformedDatumException badLength(int pc, int pos, long size, int left) {
        return new MalformedDatumException(pc, pos, "claims " + size + " bytes, " + left + " are left");
    }
}
