package dev.igarape.bench.harness;

/**
 * One implementation of the work that is measured. A round never sees what an earlier one left, unless the benchmark says
 * so. What a baseline throws leaves it out; what ours throws ends the benchmark.
 */
public interface Candidate {
    String name();

    /** Makes what its rounds need, before the first one; not timed. */
    default void prepare() throws Exception {}

    /** Does the work; this is timed. */
    void run(int round) throws Exception;

    /** The checksum of the round's result, also of one that is wrong; not timed. */
    Checksum checksum(int round) throws Exception;
}
