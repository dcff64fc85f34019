package dev.igarape.cli.command;

import dev.igarape.cli.base.Progress;
import dev.igarape.cli.base.Workspace;
import dev.igarape.cli.install.Installer;
import dev.igarape.cli.stack.LocalStack;

/** The context of a command: what it gets from the root command, its {@code @ParentCommand}. */
public interface CommandContext {
    Workspace workspace();

    /** Whether errors are shown with their stack traces. */
    boolean debug();

    /** Prints a warning on standard error: what the user should look at although the command succeeded. */
    void warn(String text);

    /** Progress messages, on standard error, which keeps standard output for results. */
    Progress progress();

    default Installer installer() {
        return new Installer(workspace(), System.getenv(), progress());
    }

    default LocalStack stack() {
        return LocalStack.of(workspace(), installer(), progress());
    }
}
