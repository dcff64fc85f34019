package dev.igarape.bench.harness;

/**
 * One implementation of the work that is measured. A round never sees what an earlier one left, unless the benchmark says
 * so.
 */
public interface Candidate {
    String name();

    /** Does the work; this is timed. */
    void run(int round) throws Exception;

    /** The checksum of the round's result; not timed. */
    Checksum checksum(int round) throws Exception;
}
