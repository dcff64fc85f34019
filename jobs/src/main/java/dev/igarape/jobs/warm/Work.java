package dev.igarape.jobs.warm;

import dev.igarape.jobs.lake.Caller;
import dev.igarape.model.handover.HandedRun;
import java.io.PrintWriter;
import java.util.Optional;

/** What runs that are handed over do. */
public interface Work {
    /** Why this process can't take a run; empty if it can. */
    Optional<String> refusal(HandedRun run);

    /** Does it on this thread, as a process of its own would. */
    Ended run(HandedRun run, Caller caller, PrintWriter out, PrintWriter err);

    /**
     * The end of a run.
     *
     * @param status its exit code
     * @param outOfMemory whether it found the memory used up, of which other threads may have died as well
     */
    record Ended(int status, boolean outOfMemory) {}
}
