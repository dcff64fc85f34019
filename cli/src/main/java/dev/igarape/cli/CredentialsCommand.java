package dev.igarape.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "credentials", description = "Show the generated passwords of the local stack.")
final class CredentialsCommand implements Runnable {
    @ParentCommand
    private Lake lake;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        lake.stack()
                .credentials()
                .logins()
                .forEach(login ->
                        out.printf("%-10s user %-8s password %s%n", login.server(), login.user(), login.password()));
        out.flush();
    }
}
