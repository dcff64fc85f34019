package dev.igarape.cli.command.connect;

import dev.igarape.cli.command.OutputOption;
import dev.igarape.cli.connect.ConnectorHealth;
import dev.igarape.cli.connect.ConnectorReport;
import dev.igarape.cli.connect.KafkaConnect;
import dev.igarape.model.error.ExitCode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
        name = "status",
        description = {
            "Show how connectors are, what has failed and what to do, and how much WAL databases keep for them.",
            "Ends with 4 when one has failed."
        })
public final class ConnectStatusCommand implements Callable<Integer> {
    @ParentCommand
    private ConnectCommand connect;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOption output;

    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Connectors; all without it.")
    private List<String> names = new ArrayList<>();

    @Override
    public Integer call() {
        KafkaConnect worker = connect.worker();
        names.forEach(worker::check);
        List<ConnectorHealth> health = worker.health().stream()
                .filter(connector -> names.isEmpty() || names.contains(connector.name()))
                .toList();
        output.print(spec.commandLine().getOut(), health, out -> ConnectorReport.print(health, out));
        return exitCode(health);
    }

    static int exitCode(List<ConnectorHealth> health) {
        boolean failed = health.stream().anyMatch(ConnectorHealth::failed);
        return (failed ? ExitCode.UNAVAILABLE : ExitCode.DONE).status();
    }
}
