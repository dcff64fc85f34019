package dev.igarape.model.error;

/** An error that a user can act on: the message says problem, cause and remedy; the exit code says which sort. */
public final class LakeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;

    public LakeException(ExitCode exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public LakeException(ExitCode exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    public ExitCode exitCode() {
        return exitCode;
    }
}
