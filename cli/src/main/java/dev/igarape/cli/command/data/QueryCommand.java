package dev.igarape.cli.command.data;

import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.command.ProjectOption;
import dev.igarape.cli.command.TargetOption;
import dev.igarape.cli.project.Project;
import dev.igarape.cli.query.OutputFormat;
import dev.igarape.cli.query.TrinoClient;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import dev.igarape.model.targets.Target;
import dev.igarape.model.targets.TargetSql;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "query", description = "Ask Trino.")
public final class QueryCommand implements Runnable {
    @ParentCommand
    private CommandContext context;

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
    private OutputFormat format;

    @Override
    public void run() {
        if (sql.isBlank()) {
            throw new LakeException(
                    ExitCode.USAGE, "There is no SQL to ask. Give a statement, e.g. \"SHOW TABLES FROM gold\".");
        }
        PrintWriter out = spec.commandLine().getOut();
        Project definitions = project.of(context);
        Target target = option.of(context, definitions);
        String asked = target.prefix().isEmpty()
                ? sql
                : new TargetSql(target, definitions.compiled().manifest().queryable()).of(sql);
        format.write(new TrinoClient(target).query(asked), out);
        out.flush();
    }
}
