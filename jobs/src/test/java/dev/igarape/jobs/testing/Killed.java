package dev.igarape.jobs.testing;

import dev.igarape.jobs.ledger.Step;

/** Not caught anywhere: stands for a process that dies. */
public final class Killed extends Error {
    private static final long serialVersionUID = 1L;

    private Killed() {}

    /** A death where no step is. */
    public static Killed now() {
        return new Killed();
    }

    /** Dies when this step is reached. */
    public static Step.Listener at(Step step) {
        return reached -> {
            if (reached == step) {
                throw new Killed();
            }
        };
    }
}
