package dev.igarape.cli;

import dev.igarape.cli.base.Workspace;
import dev.igarape.cli.e2e.LakeCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;

/** Commands of {@code ./lake} inside the test's JVM, which has loaded their classes: a program takes a second to do that. */
public final class InThisJvm {
    private InThisJvm() {}

    /**
     * Runs a command to its end.
     *
     * @param home the checkout
     * @param state the state folder of a stack
     */
    public static LakeCommand.Result run(Path home, Path state, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int status = Lake.run(workspace(home, state), new PrintWriter(out), new PrintWriter(err), arguments);
        return new LakeCommand.Result(status, out.toString(), err.toString());
    }

    /** A checkout with the state folder of a stack, and the machine's cache. */
    static Workspace workspace(Path home, Path state) {
        Workspace shared = Workspace.of(home, System.getenv());
        return new Workspace(shared.home(), state, shared.cache());
    }
}
