package dev.igarape.cli.command.stack;

import dev.igarape.cli.command.CommandContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "airflow",
        description = "Run Airflow's own command line on the local stack, e.g. ./lake airflow dags list.")
public final class AirflowCommand implements Callable<Integer> {
    @ParentCommand
    private CommandContext context;

    @Parameters(paramLabel = "ARGUMENT", arity = "0..*", description = "As Airflow takes them.")
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() {
        return context.stack().runAirflow(arguments);
    }
}
