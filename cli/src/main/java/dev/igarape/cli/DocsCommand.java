package dev.igarape.cli;

import dev.igarape.cli.docs.Site;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "docs", description = "Build the documentation as web pages.")
final class DocsCommand implements Runnable {
    @ParentCommand
    private Lake lake;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        Site site =
                new Site(lake.workspace(), lake.installer(), spec.commandLine().getParent());
        spec.commandLine().getOut().println(site.build().toUri());
    }
}
