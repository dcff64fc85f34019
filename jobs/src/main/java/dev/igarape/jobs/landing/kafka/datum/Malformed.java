package dev.igarape.jobs.landing.kafka.datum;

/** Ends the walk over a datum; never leaves {@link DatumSkipper}, so it needs no stack trace. */
final class Malformed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int instruction;
    private final int position;

    Malformed(int instruction, int position, String reason) {
        super(reason, null, false, false);
        this.instruction = instruction;
        this.position = position;
    }

    /** Index of the instruction that could not go on. */
    int instruction() {
        return instruction;
    }

    /** Index in the array where that instruction stood. */
    int position() {
        return position;
    }
}
