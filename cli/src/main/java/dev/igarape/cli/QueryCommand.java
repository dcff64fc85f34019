package dev.igarape.cli;

import dev.igarape.cli.jobs.Project;
import dev.igarape.cli.query.Format;
import dev.igarape.cli.query.TrinoQuery;
import dev.igarape.model.ExitCode;
import dev.igarape.model.LakeException;
import dev.igarape.model.Target;
import dev.igarape.model.TargetSql;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
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

    @Mixin
    private ProjectOption project;

    @Mixin
    private TargetOption option;

    @Parameters(
            paramLabel = "SQL",
            description = "One statement; tables are <layer>.<name>, as declared: the target's prefix is put before.")
    private String sql;

    @Option(names = "--output", defaultValue = "table", description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private Format format;

    @Override
    public void run() {
        if (sql.isBlank()) {
            throw new LakeException(
                    ExitCode.USAGE, "There is no SQL to ask. Give a statement, e.g. \"SHOW TABLES FROM gold\".");
        }
        PrintWriter out = spec.commandLine().getOut();
        Project definitions = project.of(lake);
        Target target = option.of(lake, definitions);
        String asked = target.prefix().isEmpty()
                ? sql
                : new TargetSql(target, definitions.compiled().manifest().queryable()).of(sql);
        format.write(new TrinoQuery(target).ask(asked), out);
        out.flush();
    }
}
