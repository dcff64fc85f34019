package dev.igarape.bench;

/** One way to do the work of a contest. A round's work never sees what an earlier one left. */
interface Contender {
    String name();

    /** The work that is timed. */
    void work(int round) throws Exception;

    /** What the work came to; not timed. */
    Answer answer(int round) throws Exception;
}
