package dev.igarape.cli.command.stack;

import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.command.OutputOption;
import dev.igarape.cli.stack.config.Credentials;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "credentials", description = "Show the generated passwords and tokens of the local stack.")
public final class CredentialsCommand implements Runnable {
    @ParentCommand
    private CommandContext context;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOption output;

    @Override
    public void run() {
        Credentials credentials = context.stack().credentials();
        output.print(spec.commandLine().getOut(), credentials.logins(), out -> print(credentials, out));
    }

    static void print(Credentials credentials, PrintWriter out) {
        for (Credentials.Login login : credentials.logins()) {
            if (login.user().equals("token")) {
                out.printf("%-9s token %s%n", login.server(), login.password());
            } else {
                out.printf("%-9s user %-16s password %s%n", login.server(), login.user(), login.password());
            }
        }
        out.flush();
    }
}
