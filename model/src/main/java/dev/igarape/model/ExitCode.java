package dev.igarape.model;

/** What a command's exit status means; the same for {@code ./lake} and the jobs. */
public enum ExitCode {
    DONE(0),
    /** A bug of ours. */
    BUG(1),
    /** Wrong arguments. */
    USAGE(2),
    /** A definition or schema is wrong. */
    DEFINITION(3),
    /** A server is down or answers with an error; trying again later may help. */
    UNAVAILABLE(4),
    /** An expectation with {@code on_fail: fail} failed, or a commit did not balance. */
    EXPECTATION(5),
    /** There is no input. */
    NO_INPUT(6);

    private final int status;

    ExitCode(int status) {
        this.status = status;
    }

    public int status() {
        return status;
    }
}
