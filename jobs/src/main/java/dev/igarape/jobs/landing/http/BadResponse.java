package dev.igarape.jobs.landing.http;

import java.io.IOException;
import java.time.Duration;

/** An answer that does not come, breaks off or comes too late: worth another try. */
final class BadResponse extends IOException {
    private static final long serialVersionUID = 1;

    private BadResponse(String problem, Throwable cause) {
        super(problem, cause);
    }

    static BadResponse late(Duration timeout) {
        return new BadResponse("it did not answer whole within " + timeout.toSeconds() + " s", null);
    }

    static BadResponse broken(Throwable cause) {
        String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new BadResponse("the answer can't be had or breaks off (" + why + ")", cause);
    }
}
