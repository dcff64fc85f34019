package dev.igarape.bench.harness;

/** One way to do the work of a contest. A round's work never sees what an earlier one left. */
public interface Candidate {
    String name();

    /** The work that is timed. */
    void work(int round) throws Exception;

    /** What the work came to; not timed. */
    Checksum answer(int round) throws Exception;
}
