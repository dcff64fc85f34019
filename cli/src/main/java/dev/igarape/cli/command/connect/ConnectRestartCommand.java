package dev.igarape.cli.command.connect;

import dev.igarape.cli.command.OutputOption;
import dev.igarape.cli.connect.ConnectorHealth;
import dev.igarape.cli.connect.ConnectorReport;
import dev.igarape.cli.connect.KafkaConnect;
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
        name = "restart",
        description = {
            "Restart connectors with all of their tasks, also those that were stopped or paused; they go on where they were.",
            "Ends with 4 when one fails."
        })
public final class ConnectRestartCommand implements Callable<Integer> {
    @ParentCommand
    private ConnectCommand connect;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOption output;

    @Parameters(paramLabel = "NAME", arity = "1..*", description = "Connectors.")
    private List<String> names = new ArrayList<>();

    @Override
    public Integer call() {
        KafkaConnect worker = connect.worker();
        names.forEach(worker::check);
        names.forEach(worker::restart);
        worker.await(names);
        List<ConnectorHealth> health = worker.health().stream()
                .filter(connector -> names.contains(connector.name()))
                .toList();
        output.print(spec.commandLine().getOut(), health, out -> ConnectorReport.print(health, out));
        return ConnectStatusCommand.exitCode(health);
    }
}
