package dev.igarape.cli;

import dev.igarape.cli.query.Format;
import dev.igarape.cli.query.TrinoQuery;
import dev.igarape.cli.stack.TargetFile;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "query", description = "Ask Trino.")
final class QueryCommand implements Runnable {
    @ParentCommand
    private Lake lake;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SQL", description = "One statement; tables are <layer>.<name>.")
    private String sql;

    @Option(names = "--output", defaultValue = "table", description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private Format format;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        format.write(new TrinoQuery(TargetFile.read(lake.workspace())).ask(sql), out);
        out.flush();
    }
}
