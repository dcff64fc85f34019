package dev.igarape.jobs.landing.http;

import java.io.IOException;
import java.time.Duration;

/** A response that timed out or broke off; the request is retried. */
final class FailedResponse extends IOException {
    private static final long serialVersionUID = 1;

    private FailedResponse(String problem, Throwable cause) {
        super(problem, cause);
    }

    static FailedResponse timedOut(Duration timeout) {
        return new FailedResponse("it did not answer whole within " + timeout.toSeconds() + " s", null);
    }

    static FailedResponse failed(Throwable cause) {
        String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        return new FailedResponse("the answer can't be had or breaks off (" + why + ")", cause);
    }
}
