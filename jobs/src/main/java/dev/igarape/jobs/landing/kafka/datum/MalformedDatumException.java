package dev.igarape.jobs.landing.kafka.datum;

/** A datum is not valid. Never leaves {@link DatumSkipper}, so it has no stack trace. */
final class MalformedDatumException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int instruction;
    private final int position;

    MalformedDatumException(int instruction, int position, String reason) {
        super(reason, null, false, false);
        this.instruction = instruction;
        this.position = position;
    }

    /** Index of the instruction that failed. */
    int instruction() {
        return instruction;
    }

    /** Position in the bytes at which it failed. */
    int position() {
        return position;
    }
}
