package dev.igarape.jobs.http;

import java.io.IOException;
import java.time.Duration;

/** An answer that does not come, breaks off or comes too late: worth another try. */
final class BadAnswer extends IOException {
    private static final long serialVersionUID = 1;

    private BadAnswer(String problem, Throwable cause) {
        super(problem, cause);
    }

    static BadAnswer late(Duration timeout) {
        return new BadAnswer("it did not answer whole within " + timeout.toSeconds() + " s", null);
    }

    static BadAnswer broken(Throwable cause) {
        String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new BadAnswer("the answer can't be had or breaks off (" + why + ")", cause);
    }
}
