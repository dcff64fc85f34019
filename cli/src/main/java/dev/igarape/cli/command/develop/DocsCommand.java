package dev.igarape.cli.command.develop;

import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.docs.Site;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "docs", description = "Build the documentation as web pages.")
public final class DocsCommand implements Runnable {
    @ParentCommand
    private CommandContext context;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        Site site = new Site(
                context.workspace(), context.installer(), spec.commandLine().getParent());
        spec.commandLine().getOut().println(site.build().toUri());
    }
}
