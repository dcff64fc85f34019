package dev.igarape.cli.faults;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/**
 * Completes what a test that fails has left undone, so that it alone fails: those behind it compare everything that was ever
 * sent with the tables. After a test that passes nothing is done, which could hide what its job has not done.
 */
record AfterFailure(Trial recovery) implements TestExecutionExceptionHandler {
    @Override
    public void handleTestExecutionException(ExtensionContext test, Throwable failure) throws Throwable {
        try {
            recovery.run();
        } catch (Exception | AssertionError e) {
            failure.addSuppressed(e);
        }
        throw failure;
    }
}
