package dev.igarape.model.error;

/** A user-facing error: the message says problem, cause and remedy; the exit code gives the category. */
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
