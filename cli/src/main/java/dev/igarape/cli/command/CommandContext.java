package dev.igarape.cli.command;

import dev.igarape.cli.base.Progress;
import dev.igarape.cli.base.Workspace;
import dev.igarape.cli.install.Installer;
import dev.igarape.cli.stack.LocalStack;

/** What every command gets from the root command, as its {@code @ParentCommand}. */
public interface CommandContext {
    Workspace workspace();

    /** Whether the traces of errors are shown. */
    boolean debug();

    /** Tells on standard error, so that it can't be missed, what somebody should look at although all was done. */
    void warn(String text);

    /** On standard error, which keeps standard output for results. */
    Progress progress();

    default Installer installer() {
        return new Installer(workspace(), System.getenv(), progress());
    }

    default LocalStack stack() {
        return LocalStack.of(workspace(), installer(), progress());
    }
}
