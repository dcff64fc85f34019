package dev.igarape.cli.command.connect;

import dev.igarape.cli.connect.KafkaConnect;
import dev.igarape.cli.connect.ReplicationSlot;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
        name = "delete",
        description =
                "Delete a connector with its place in the source; topics stay, and a replication slot until you drop it.")
public final class ConnectDeleteCommand implements Runnable {
    @ParentCommand
    private ConnectCommand connect;

    @Parameters(paramLabel = "NAME", description = "The connector.")
    private String name;

    @Override
    public void run() {
        KafkaConnect worker = connect.worker();
        worker.check(name);
        worker.health().stream()
                .filter(connector -> connector.name().equals(name))
                .flatMap(connector -> connector.slot().stream())
                .map(ReplicationSlot::name)
                .forEach(slot -> connect.context()
                        .warn(
                                "PostgreSQL keeps WAL for replication slot %1$s until you drop it: SELECT pg_drop_replication_slot('%1$s')"
                                        .formatted(slot)));
        worker.delete(name);
    }
}
