package dev.igarape.jobs.landing.kafka.datum;

/** Instructions of a compiled writer schema; operands follow in the same array. */
final class Opcode {
    /** Ends the program, an item of an array or map, or a subroutine. */
    static final int RETURN = 0;

    static final int BOOLEAN = 1;
    static final int INT = 2;
    static final int LONG = 3;
    /** Operand: number of bytes. */
    static final int FIXED = 4;
    /** Bytes or string. */
    static final int BYTES = 5;
    /** Operand: number of symbols. */
    static final int ENUM = 6;
    /** Operands: number of branches, then the address of each. */
    static final int UNION = 7;
    /** Operand: address. */
    static final int JUMP = 8;
    /**
     * Operands: minimum bytes of an item, and the address after the item's program, which follows and ends in RETURN.
     */
    static final int BLOCKS = 9;
    /** Operand: address of a subroutine. */
    static final int CALL = 10;
    /** Operand: unit of the event time; the instruction that reads the value follows. */
    static final int EVENT_LONG = 11;

    static final int EVENT_DATE = 12;
    static final int EVENT_STRING = 13;
    /** Operand: index of the reason; the following instructions skip the value. */
    static final int EVENT_UNREADABLE = 14;

    private Opcode() {}
}
