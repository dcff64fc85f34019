package dev.igarape.cli.command.connect;

import dev.igarape.cli.command.CommandContext;
import dev.igarape.cli.command.OutputOption;
import dev.igarape.cli.command.ProjectOption;
import dev.igarape.cli.command.TargetOption;
import dev.igarape.cli.connect.ConnectorFile;
import dev.igarape.cli.connect.ConnectorFiles;
import dev.igarape.cli.connect.ConnectorHealth;
import dev.igarape.cli.connect.ConnectorReport;
import dev.igarape.cli.connect.ConnectorSecrets;
import dev.igarape.cli.connect.KafkaConnect;
import dev.igarape.cli.project.Project;
import dev.igarape.model.error.ExitCode;
import dev.igarape.model.error.LakeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "apply",
        description = {
            "Have Kafka Connect run the connectors as the project's files say; those that it runs so are left alone.",
            "Ends with 3 when a configuration is refused, 4 when a connector fails."
        })
public final class ConnectApplyCommand implements Callable<Integer> {
    @ParentCommand
    private ConnectCommand connect;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ProjectOption project;

    @Mixin
    private TargetOption target;

    @Mixin
    private OutputOption output;

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Connectors; all of the project without it.")
    private List<String> names = new ArrayList<>();

    @Override
    public Integer call() {
        CommandContext context = connect.context();
        Project folder = project.of(context);
        List<ConnectorFile> files = ConnectorFiles.select(ConnectorFiles.read(folder.folder()), names);
        if (files.isEmpty()) {
            throw new LakeException(
                    ExitCode.USAGE,
                    "There is no file connect/*.json in %s. Write one, or name the project's folder with --project DIR."
                            .formatted(folder.folder()));
        }
        KafkaConnect worker = connect.worker();
        Map<String, String> known = new HashMap<>(System.getenv());
        known.putAll(target.of(context, folder).variables());
        known.putAll(context.stack().connectValues());
        Map<ConnectorFile, Properties> values =
                ConnectorSecrets.values(files, name -> Optional.ofNullable(known.get(name)));
        values.forEach((file, properties) -> context.progress()
                .step("%s: %s"
                        .formatted(
                                file.name(),
                                worker.apply(file, properties).name().toLowerCase(Locale.ROOT))));
        List<String> applied = files.stream().map(ConnectorFile::name).toList();
        worker.await(applied);
        List<ConnectorHealth> health = worker.health().stream()
                .filter(connector -> applied.contains(connector.name()))
                .toList();
        output.print(spec.commandLine().getOut(), health, out -> ConnectorReport.print(health, out));
        return ConnectStatusCommand.exitCode(health);
    }
}
