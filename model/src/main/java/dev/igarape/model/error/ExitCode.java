package dev.igarape.model.error;

/** The exit codes of commands, the same for {@code ./lake} and the jobs. */
public enum ExitCode {
    DONE(0, "done"),
    /** An internal error. */
    BUG(1, "a bug of ours; `--debug` shows where"),
    /** Wrong arguments. */
    USAGE(2, "wrong arguments"),
    /** A definition or schema is wrong. */
    DEFINITION(3, "a definition or schema is wrong"),
    /** A server is down or answers with an error; a retry may help. */
    UNAVAILABLE(4, "a server is down or answers with an error; trying again later may help"),
    /**
     * An expectation with {@code on_fail: fail} failed, a commit did not balance, or input is lost: somebody must look.
     */
    EXPECTATION(5, "an expectation with `on_fail: fail` failed, a commit did not balance, or input is lost"),
    /** There is no input, yet or at all, which may be as it should: Airflow skips the task. */
    NO_INPUT(6, "there is no input");

    private final int status;
    private final String meaning;

    ExitCode(int status, String meaning) {
        this.status = status;
        this.meaning = meaning;
    }

    /** A description in Markdown, for the reference. */
    public String meaning() {
        return meaning;
    }

    public int status() {
        return status;
    }
}
